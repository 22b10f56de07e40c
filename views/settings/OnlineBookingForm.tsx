import type { OnlineConfiguration } from '../../domain/practice/onlineBooking.ts';
import type { ListedProvider } from '../../domain/practice/providers.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError, Select } from '../forms/Field.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { OnlineState } from './ProvidersPage.tsx';
import { SaveButtons } from './SaveButtons.tsx';
import { Tick } from './Tick.tsx';

export interface OnlineBookingProps {
  viewer: Viewer;
  provider: ListedProvider;
  online: OnlineConfiguration;
  chairs: { id: string; name: string; active: boolean }[];
  form: FormState;
}

/** Minutes; what a provider has besides is offered too. */
const notices = [0, 60, 120, 240, 480, 720, 1440, 2880, 4320, 10_080, 20_160];
const mostChairs = 8;

/** Whether patients may book the provider online, how far ahead, and in which chairs. */
export function OnlineBookingForm({ viewer, provider, online, chairs, form }: OnlineBookingProps) {
  const words = viewer.t.settings.providers;
  const field = { reader: viewer, form };
  const offered = [...new Set([...notices, online.earliestNoticeMinutes])].sort((a, b) => a - b);
  return (
    <form
      class="settings-form part"
      action={`/settings/providers/${provider.id}/online-booking`}
      method="post"
      noValidate
    >
      <Csrf reader={viewer} />
      <div class="settings-head">
        <h2>{words.online}</h2>
        <OnlineState viewer={viewer} provider={provider} />
      </div>
      <FieldError reader={viewer} code={form.errors.form} />
      <Tick {...field} name="bookable" label={words.bookable} hint={words.bookableHint} initial={online.bookable} />
      <div class="fields">
        <Field
          {...field}
          name="daysAhead"
          label={words.daysAhead}
          initial={String(online.daysAhead)}
          hint={words.daysAheadHint}
          inputMode="numeric"
          required
          maxLength={3}
        />
        <Select
          {...field}
          name="earliestNoticeMinutes"
          label={words.earliestNotice}
          initial={String(online.earliestNoticeMinutes)}
          hint={words.earliestNoticeHint}
          choices={offered.map((minutes) => ({ value: String(minutes), label: words.notice(minutes) }))}
        />
      </div>
      <ChairPlaces viewer={viewer} online={online} chairs={chairs} form={form} />
      <SaveButtons viewer={viewer} />
    </form>
  );
}

/** One choice after the other; what is left empty does not count. */
function ChairPlaces({ viewer, online, chairs, form }: Omit<OnlineBookingProps, 'provider'>) {
  const words = viewer.t.settings.providers;
  const chosen = form.values.chair === undefined ? online.chairIds : [form.values.chair].flat();
  const offered = chairs.filter(({ id, active }) => active || online.chairIds.includes(id));
  const places = Math.max(chosen.length, Math.min(offered.length, mostChairs));
  const error = form.errors.chair;
  return (
    <fieldset class="chair-places">
      <legend>{words.chairs}</legend>
      <p class="hint" id="chairs-hint">
        {words.chairsHint}
      </p>
      <div class="fields">
        {Array.from({ length: places }, (_, index) => (
          <label>
            <span>{words.chairPlace(index + 1)}</span>
            <select
              name="chair"
              aria-invalid={error ? 'true' : undefined}
              aria-describedby={error ? 'chairs-error' : 'chairs-hint'}
            >
              <option value="">{words.noChair}</option>
              {offered.map(({ id, name, active }) => (
                <option value={id} selected={id === chosen[index]}>
                  {active ? name : words.chairNotInUse(name)}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <FieldError reader={viewer} id="chairs-error" code={error} />
    </fieldset>
  );
}
