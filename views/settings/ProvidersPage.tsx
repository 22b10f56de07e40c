import type { ListedProvider } from '../../domain/practice/providers.ts';
import type { Viewer } from '../reader.ts';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';

export function ProvidersPage({ viewer, notice, providers }: SettingsVisit & { providers: ListedProvider[] }) {
  const { settings } = viewer.t;
  const words = settings.providers;
  return (
    <SettingsPage
      viewer={viewer}
      notice={notice}
      section="providers"
      add={{ href: '/settings/providers/new', label: words.add, window: false }}
    >
      {providers.length === 0 ? (
        <p class="empty">{words.none}</p>
      ) : (
        <table class="table settings-table">
          <caption class="visually-hidden">{settings.sections.providers}</caption>
          <thead>
            <tr>
              <th scope="col">{settings.name}</th>
              <th scope="col">{words.online}</th>
            </tr>
          </thead>
          <tbody>
            {providers.map((provider) => (
              <tr>
                <th scope="row">
                  <span class={`swatch colour-${provider.colour}`} aria-hidden="true" />{' '}
                  <a href={`/settings/providers/${provider.id}`}>{titled(provider)}</a>
                </th>
                <td data-label={words.online}>
                  <OnlineState viewer={viewer} provider={provider} />
                  <StillBusy viewer={viewer} provider={provider} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </SettingsPage>
  );
}

export const titled = ({ title, name }: { title: string; name: string }) => (title ? `${title} ${name}` : name);

/** Whether patients may book the provider online, or the first thing that is in the way. */
export function OnlineState({ viewer, provider }: { viewer: Viewer; provider: ListedProvider }) {
  const state = stateOf(provider, viewer.practice.appointmentWorkflow);
  return (
    <span class={`badge ${state === 'bookable' ? 'on' : 'off'}`}>{viewer.t.settings.providers.states[state]}</span>
  );
}

function stateOf({ active, bookable, onlineChairs, hasHours }: ListedProvider, appointmentWorkflow: boolean) {
  if (!active) return 'inactive';
  if (!bookable) return 'off';
  if (onlineChairs === 0) return 'noChairs';
  if (!hasHours) return 'noHours';
  return appointmentWorkflow ? 'bookable' : 'noWorkflow';
}

/** Says that somebody who no longer treats has appointments still. */
export function StillBusy({ viewer, provider }: { viewer: Viewer; provider: ListedProvider }) {
  const { settings } = viewer.t;
  if (provider.active || provider.upcoming === 0) return null;
  return <p class="warning">{settings.providers.busyTitle(settings.upcoming(provider.upcoming))}</p>;
}
