import type { ComponentChildren } from 'preact';
import type { ListedUser } from '../../domain/practice/users.ts';
import { opensWindow } from '../layout/Window.tsx';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';

export interface UsersProps extends SettingsVisit {
  users: ListedUser[];
  window?: ComponentChildren;
}

export function UsersPage({ viewer, notice, users, window }: UsersProps) {
  const { t } = viewer;
  const words = t.settings.users;
  return (
    <SettingsPage
      viewer={viewer}
      notice={notice}
      section="users"
      add={{ href: '/settings/users/new', label: words.add, window: true }}
      window={window}
    >
      <table class="table settings-table">
        <caption class="visually-hidden">{t.settings.sections.users}</caption>
        <thead>
          <tr>
            <th scope="col">{t.settings.name}</th>
            <th scope="col">{words.email}</th>
            <th scope="col">{words.role}</th>
            <th scope="col">{words.provider}</th>
            <th scope="col">{words.location}</th>
          </tr>
        </thead>
        <tbody>
          {users.map(({ id, name, email, role, provider, location, active }) => (
            <tr>
              <th scope="row">
                <a {...opensWindow(`/settings/users/${id}`)}>{name}</a>
                {id === viewer.userId ? <small class="hint"> ({words.you})</small> : null}
                {active ? null : <span class="badge off">{words.inactive}</span>}
              </th>
              <td data-label={words.email} class="breaks">
                {email.split('@')[0]}
                <wbr />@{email.split('@')[1]}
              </td>
              <td data-label={words.role}>{t.layout.roles[role]}</td>
              <td data-label={words.provider}>{provider ?? '–'}</td>
              <td data-label={words.location}>{location ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </SettingsPage>
  );
}
