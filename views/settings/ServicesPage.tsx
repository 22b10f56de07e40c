import type { ComponentChildren } from 'preact';
import { formatLength } from '../../domain/book/rules/expectedTime.ts';
import type { Service } from '../../domain/practice/services.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError } from '../forms/Field.tsx';
import { inWindow, opensWindow, Window } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { SaveButtons } from './SaveButtons.tsx';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';
import { Tick } from './Tick.tsx';

export interface ServicesProps extends SettingsVisit {
  services: Service[];
  window?: ComponentChildren;
}

export function ServicesPage({ viewer, notice, services, window }: ServicesProps) {
  const { settings } = viewer.t;
  const words = settings.services;
  return (
    <SettingsPage
      viewer={viewer}
      notice={notice}
      section="services"
      add={{ href: '/settings/services/new', label: words.add, window: true }}
      window={window}
    >
      {services.length === 0 ? (
        <p class="empty">{words.none}</p>
      ) : (
        <table class="table settings-table">
          <caption class="visually-hidden">{settings.sections.services}</caption>
          <thead>
            <tr>
              <th scope="col">{words.code}</th>
              <th scope="col">{words.nameEn}</th>
              <th scope="col">{words.nameNl}</th>
              <th scope="col" class="number">
                {words.estimatedTime}
              </th>
              <th scope="col">{settings.active}</th>
            </tr>
          </thead>
          <tbody>
            {services.map(({ id, code, nameEn, nameNl, estimatedMinutes, active }) => (
              <tr>
                <th scope="row">
                  <a {...opensWindow(`/settings/services/${id}`)}>{code}</a>
                </th>
                <td data-label={words.nameEn} lang="en">
                  {nameEn}
                </td>
                <td data-label={words.nameNl} lang="nl">
                  {nameNl}
                </td>
                <td data-label={words.estimatedTime} class="number">
                  {formatLength(estimatedMinutes)}
                </td>
                <td data-label={settings.active}>
                  {active ? viewer.t.common.yes : <span class="badge off">{settings.inactive}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </SettingsPage>
  );
}

export interface ServiceWindowProps {
  viewer: Viewer;
  /** None: a new one. */
  service: Service | null;
  form: FormState;
}

export function ServiceWindow({ viewer, service, form }: ServiceWindowProps) {
  const { settings } = viewer.t;
  const words = settings.services;
  const field = { reader: viewer, form };
  const back = '/settings/services';
  return (
    <Window reader={viewer} title={service ? settings.editOf(service.code) : words.newTitle} back={back}>
      <form {...inWindow(service ? `${back}/${service.id}` : back)}>
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <div class="fields">
          <Field {...field} name="code" label={words.code} initial={service?.code} required maxLength={12} autofocus />
          <Field
            {...field}
            name="estimatedTime"
            label={words.estimatedTime}
            initial={service ? formatLength(service.estimatedMinutes) : ''}
            hint={words.estimatedTimeHint}
            placeholder="0:30"
            required
            maxLength={5}
            autocomplete="off"
          />
        </div>
        <Field {...field} name="nameEn" label={words.nameEn} initial={service?.nameEn} required maxLength={80} />
        <Field {...field} name="nameNl" label={words.nameNl} initial={service?.nameNl} required maxLength={80} />
        <Tick
          {...field}
          name="active"
          label={settings.active}
          hint={words.activeHint}
          initial={service?.active ?? true}
        />
        <SaveButtons viewer={viewer} back={back} />
      </form>
    </Window>
  );
}
