import type { ListedProvider } from '../../domain/practice/providers.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError } from '../forms/Field.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { SaveButtons } from './SaveButtons.tsx';
import { Tick } from './Tick.tsx';

export interface ProviderDetailsProps {
  viewer: Viewer;
  /** None: a new one. */
  provider: ListedProvider | null;
  form: FormState;
}

export function ProviderDetailsForm({ viewer, provider, form }: ProviderDetailsProps) {
  const { settings } = viewer.t;
  const words = settings.providers;
  const field = { reader: viewer, form };
  return (
    <form
      class="settings-form part"
      action={provider ? `/settings/providers/${provider.id}` : '/settings/providers'}
      method="post"
      noValidate
    >
      <Csrf reader={viewer} />
      <h2>{words.details}</h2>
      <FieldError reader={viewer} code={form.errors.form} />
      <div class="fields">
        <Field
          {...field}
          name="title"
          label={words.titleField}
          initial={provider?.title}
          hint={words.titleHint}
          maxLength={20}
          autocomplete="off"
        />
        <Field
          {...field}
          name="name"
          label={settings.name}
          initial={provider?.name}
          required
          maxLength={80}
          autocomplete="off"
        />
      </div>
      <Colours viewer={viewer} form={form} initial={provider?.colour ?? 1} />
      <Tick {...field} name="active" label={words.active} hint={words.activeHint} initial={provider?.active ?? true} />
      <SaveButtons viewer={viewer} back="/settings/providers" />
    </form>
  );
}

function Colours({ viewer, form, initial }: { viewer: Viewer; form: FormState; initial: number }) {
  const words = viewer.t.settings.providers;
  const chosen = String(form.values.colour ?? initial);
  return (
    <fieldset class="colours">
      <legend>{words.colour}</legend>
      {words.colours.map((name, index) => (
        <label class="choice">
          <input type="radio" name="colour" value={String(index + 1)} checked={String(index + 1) === chosen} />
          <span class={`swatch colour-${index + 1}`} aria-hidden="true" /> {name}
        </label>
      ))}
      <FieldError reader={viewer} code={form.errors.colour} />
    </fieldset>
  );
}
