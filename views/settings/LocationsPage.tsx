import type { ListedLocation } from '../../domain/practice/locations.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError } from '../forms/Field.tsx';
import type { FormState } from '../reader.ts';
import { SaveButtons } from './SaveButtons.tsx';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';
import { WeekFields } from './WeekFields.tsx';

export function LocationsPage({ viewer, notice, locations }: SettingsVisit & { locations: ListedLocation[] }) {
  const { settings } = viewer.t;
  const words = settings.locations;
  return (
    <SettingsPage
      viewer={viewer}
      notice={notice}
      section="locations"
      add={{ href: '/settings/locations/new', label: words.add, window: false }}
    >
      {locations.length === 0 ? (
        <p class="empty">{words.none}</p>
      ) : (
        <table class="table settings-table">
          <caption class="visually-hidden">{settings.sections.locations}</caption>
          <thead>
            <tr>
              <th scope="col">{settings.name}</th>
              <th scope="col">{words.address}</th>
              <th scope="col">{settings.phone}</th>
              <th scope="col" class="number">
                {words.chairs}
              </th>
            </tr>
          </thead>
          <tbody>
            {locations.map(({ id, name, street, postalCode, city, phone, chairs, hasHours }) => (
              <tr>
                <th scope="row">
                  <a href={`/settings/locations/${id}`}>{name}</a>
                  {hasHours ? null : <small class="warning">{words.noHours}</small>}
                </th>
                <td data-label={words.address}>
                  {street}, {postalCode} {city}
                </td>
                <td data-label={settings.phone}>{phone}</td>
                <td data-label={words.chairs} class="number">
                  {chairs}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </SettingsPage>
  );
}

export interface LocationFormProps extends SettingsVisit {
  /** None: a new one. The week as it is typed, Monday first. */
  location: {
    id: string;
    name: string;
    street: string;
    postalCode: string;
    city: string;
    phone: string;
    week: string[];
  } | null;
  form: FormState;
}

export function LocationFormPage({ viewer, notice, location, form }: LocationFormProps) {
  const { settings } = viewer.t;
  const words = settings.locations;
  const field = { reader: viewer, form, required: true };
  return (
    <SettingsPage viewer={viewer} notice={notice} section="locations" title={location?.name ?? words.newTitle}>
      <form
        class="settings-form"
        action={location ? `/settings/locations/${location.id}` : '/settings/locations'}
        method="post"
        noValidate
      >
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <fieldset>
          <legend>{words.address}</legend>
          <div class="fields">
            <Field {...field} name="name" label={settings.name} initial={location?.name} maxLength={80} />
            <Field {...field} name="phone" label={settings.phone} initial={location?.phone} type="tel" maxLength={30} />
          </div>
          <div class="fields">
            <Field {...field} name="street" label={words.street} initial={location?.street} maxLength={80} />
            <Field
              {...field}
              name="postalCode"
              label={words.postalCode}
              initial={location?.postalCode}
              maxLength={12}
            />
            <Field {...field} name="city" label={words.city} initial={location?.city} maxLength={80} />
          </div>
        </fieldset>
        <fieldset>
          <legend>{words.openingHours}</legend>
          <p class="hint">
            {settings.hoursExample} {words.openingHoursHint}
          </p>
          <WeekFields viewer={viewer} form={form} week={location?.week ?? []} />
        </fieldset>
        <SaveButtons viewer={viewer} back="/settings/locations" />
      </form>
    </SettingsPage>
  );
}
