import { Csrf } from '../forms/Csrf.tsx';
import { Field, Select } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface CollectContactsProps {
  viewer: Viewer;
  /** Where the form goes. */
  url: string;
  back: string;
  patient: {
    name: string;
    email: string | null;
    mobile: string | null;
    contactOwner: 'patient' | 'parent' | 'carer';
  };
  form: FormState;
}

/** Collect Email and Mobile: the prompt that stands before the online button. */
export function CollectContactsWindow({ viewer, url, back, patient, form }: CollectContactsProps) {
  const { t } = viewer;
  const owners = Object.entries(t.people.contactOwners).map(([value, label]) => ({ value, label }));
  const field = { reader: viewer, form };
  return (
    <Window reader={viewer} title={t.departures.collect} about={patient.name} back={back}>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        <div class="fields">
          <Field
            {...field}
            name="mobile"
            label={t.people.mobile}
            initial={patient.mobile}
            type="tel"
            autocomplete="off"
            autofocus
          />
          <Field
            {...field}
            name="email"
            label={t.people.email}
            initial={patient.email}
            type="email"
            autocomplete="off"
          />
        </div>
        <Select
          {...field}
          name="contactOwner"
          label={t.people.contactOwner}
          hint={t.departures.collectHint}
          initial={patient.contactOwner}
          choices={owners}
        />
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary">
            {t.common.save}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}
