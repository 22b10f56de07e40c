import type { ComponentChildren } from 'preact';
import type { ListedChair } from '../../domain/practice/chairs.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError, Select } from '../forms/Field.tsx';
import { inWindow, opensWindow, Window } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { SaveButtons } from './SaveButtons.tsx';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';
import { Tick } from './Tick.tsx';

export interface ChairsProps extends SettingsVisit {
  chairs: ListedChair[];
  window?: ComponentChildren;
}

export function ChairsPage({ viewer, notice, chairs, window }: ChairsProps) {
  const { settings } = viewer.t;
  const words = settings.chairs;
  return (
    <SettingsPage
      viewer={viewer}
      notice={notice}
      section="chairs"
      add={{ href: '/settings/chairs/new', label: words.add, window: true }}
      window={window}
    >
      {chairs.length === 0 ? (
        <p class="empty">{words.none}</p>
      ) : (
        <table class="table settings-table">
          <caption class="visually-hidden">{settings.sections.chairs}</caption>
          <thead>
            <tr>
              <th scope="col">{settings.name}</th>
              <th scope="col">{words.location}</th>
              <th scope="col" class="number">
                {words.position}
              </th>
              <th scope="col">{settings.active}</th>
            </tr>
          </thead>
          <tbody>
            {chairs.map(({ id, name, location, position, active, upcoming }) => (
              <tr>
                <th scope="row">
                  <a {...opensWindow(`/settings/chairs/${id}`)}>{name}</a>
                </th>
                <td data-label={words.location}>{location}</td>
                <td data-label={words.position} class="number">
                  {position}
                </td>
                <td data-label={settings.active}>
                  {active ? viewer.t.common.yes : <span class="badge off">{settings.inactive}</span>}
                  {!active && upcoming > 0 ? (
                    <small class="warning">{words.busyTitle(settings.upcoming(upcoming))}</small>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </SettingsPage>
  );
}

export interface ChairWindowProps {
  viewer: Viewer;
  /** None: a new one. */
  chair: ListedChair | null;
  /** Where a new one may stand, and its place there. */
  locations: { id: string; name: string }[];
  nextPosition: number;
  form: FormState;
}

export function ChairWindow({ viewer, chair, locations, nextPosition, form }: ChairWindowProps) {
  const { settings } = viewer.t;
  const words = settings.chairs;
  const field = { reader: viewer, form };
  const back = '/settings/chairs';
  return (
    <Window reader={viewer} title={chair ? settings.editOf(chair.name) : words.newTitle} back={back}>
      {chair && chair.upcoming > 0 ? (
        <p class={chair.active ? 'hint' : 'notice'}>
          {chair.active
            ? words.busyNow(settings.upcoming(chair.upcoming))
            : words.busyTitle(settings.upcoming(chair.upcoming))}
        </p>
      ) : null}
      {locations.length === 0 ? <p class="notice">{words.needsLocation}</p> : null}
      <form {...inWindow(chair ? `${back}/${chair.id}` : back)}>
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <div class="fields">
          <Field {...field} name="name" label={settings.name} initial={chair?.name} required maxLength={40} autofocus />
          <Field
            {...field}
            name="position"
            label={words.position}
            initial={String(chair?.position ?? nextPosition)}
            hint={words.positionHint}
            inputMode="numeric"
            required
            maxLength={3}
          />
        </div>
        {chair ? (
          <p>
            {words.location}: {chair.location} <small class="hint">{words.locationHint}</small>
          </p>
        ) : (
          <Select
            {...field}
            name="locationId"
            label={words.location}
            initial={viewer.location?.id}
            hint={words.locationHint}
            choices={locations.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        <Tick
          {...field}
          name="active"
          label={settings.active}
          hint={words.activeHint}
          initial={chair?.active ?? true}
        />
        <SaveButtons viewer={viewer} back={back} />
      </form>
    </Window>
  );
}
