import type { ComponentChildren } from 'preact';
import type { Language } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { KeyboardIcon, LanguageIcon, LeaveIcon, LockIcon, PinIcon, SearchIcon } from '../icons.tsx';
import { kept } from '../kept.ts';
import type { Viewer } from '../reader.ts';
import { Document } from './Document.tsx';

export const tabs = ['book', 'tasks', 'followUp', 'bookings', 'online', 'patients', 'reports', 'settings'] as const;
export type Tab = (typeof tabs)[number];

export interface StaffPageProps {
  viewer: Viewer;
  title: string;
  tab: Tab;
  /** A window that was opened as a page: what it leads to stays in its place. */
  window?: ComponentChildren;
  children: ComponentChildren;
}

/** The frame of every staff screen: practice, tabs, search, the user's menu, and the place where windows open. */
export function StaffPage({ viewer, title, tab, window, children }: StaffPageProps) {
  const { t } = viewer;
  return (
    <Document reader={viewer} title={`${title} · ${viewer.practice.name}`} kind="staff">
      <a class="skip" href="#main">
        {t.layout.skipToContent}
      </a>
      <header class="head">
        <div class="practice">
          <a href="/book">{viewer.practice.name}</a>
          <WorkingLocation viewer={viewer} />
        </div>
        <Tabs viewer={viewer} tab={tab} />
        <search>
          <form class="search" action="/patients/search" method="post">
            <Csrf reader={viewer} />
            <SearchIcon />
            <input
              type="search"
              name="q"
              aria-label={t.people.searchLabel}
              placeholder={t.people.searchPlaceholder}
              maxLength={100}
              autocomplete="off"
              data-key="/"
            />
          </form>
        </search>
        <UserMenu
          language={viewer.language}
          path={viewer.path}
          name={viewer.name}
          role={viewer.role}
          csrf={viewer.csrf}
        />
      </header>
      <div id="live" hx-sse:connect="/live" hx-trigger="load, begin" hidden />
      <main id="main" class={`main ${tab}`}>
        {window ? (
          <div id="window" class="window-page">
            {window}
          </div>
        ) : null}
        {children}
      </main>
      {window ? null : <dialog id="window" class="window" aria-label={t.layout.window} />}
      <Keys language={viewer.language} csrf={viewer.csrf} />
      <p
        id="announcements"
        class="visually-hidden"
        role="status"
        aria-live="polite"
        data-said-lost={t.layout.connectionLost}
      />
    </Document>
  );
}

/** That a booking is stuck comes of time that passes, and a worker that is gone tells nobody: managers' screens ask, too. */
const whatNobodyTells = 'bookings from:#live, every 60s, ';

/** The screens, with what waits on them; the counts follow what colleagues and patients do. */
export function Tabs({ viewer, tab }: { viewer: Viewer; tab: Tab }) {
  return (
    <nav
      id="tabs"
      aria-label={viewer.t.layout.tabs}
      hx-get={`/tabs?tab=${tab}`}
      hx-trigger={`tasks from:#live, followUp from:#live, ${viewer.role === 'manager' ? whatNobodyTells : ''}htmx:sse:after:connection from:#live`}
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      <ul class="tabs">
        {tabsOf(viewer).map(({ id, href, label, count }) => (
          <li>
            <a href={href} aria-current={id === tab ? 'page' : undefined}>
              {label}{' '}
              {count === undefined ? null : (
                <span class={id === 'bookings' ? 'count alarm' : 'count'} data-count={id} hidden={count === 0}>
                  {count}
                </span>
              )}
              {id === 'bookings' && count ? (
                <span class="visually-hidden">{viewer.t.openBookings.needsAttention}</span>
              ) : null}
              {id === 'bookings' && viewer.noWorker ? (
                <span class="count alarm" title={viewer.t.openBookings.noWorker}>
                  <span aria-hidden="true">!</span>
                  <span class="visually-hidden">{viewer.t.openBookings.noWorker}</span>
                </span>
              ) : null}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Where the user works now. Who works in one place only just reads its name. */
function WorkingLocation({ viewer }: { viewer: Viewer }) {
  const { t, locations, worksAt, path } = viewer;
  if (locations.length < 2) return <small>{worksAt.name}</small>;
  return (
    <form class="location" action="/location" method="post">
      <Csrf reader={viewer} />
      <input type="hidden" name="to" value={withoutLocation(path)} />
      <PinIcon size={14} />
      <select name="locationId" aria-label={t.layout.workingLocation} data-submits>
        {locations.map(({ id, name }) => (
          <option value={id} selected={id === worksAt.id}>
            {name}
          </option>
        ))}
      </select>
      <button type="submit" class="quiet unscripted">
        {t.common.ok}
      </button>
    </form>
  );
}

const UserMenu = kept<Pick<Viewer, 'language' | 'path' | 'name' | 'role'>>(({ csrf, language, path, name, role }) => {
  const t = texts(language);
  const other = language === 'en' ? 'nl' : 'en';
  return (
    <details class="user">
      <summary>
        <span class="avatar" aria-hidden="true">
          {initials(name)}
        </span>
        <span class="name">{name}</span>
      </summary>
      <div class="menu">
        <p>
          <strong>{name}</strong>
          <span class="hint">{t.layout.roles[role]}</span>
        </p>
        <form action="/language" method="post">
          <Csrf reader={{ csrf }} />
          <input type="hidden" name="language" value={other} />
          <input type="hidden" name="to" value={path} />
          <button type="submit" class="quiet" lang={other}>
            <LanguageIcon /> {t.layout.otherLanguage}
          </button>
        </form>
        <button type="button" class="quiet scripted-only" data-opens-keys>
          <KeyboardIcon /> {t.layout.keys} <kbd>?</kbd>
        </button>
        <form action="/lock" method="post">
          <Csrf reader={{ csrf }} />
          <button type="submit" class="quiet">
            <LockIcon /> {t.layout.switchUser}
          </button>
        </form>
        <form action="/sign-out" method="post">
          <Csrf reader={{ csrf }} />
          <button type="submit" class="quiet">
            <LeaveIcon /> {t.layout.signOut}
          </button>
        </form>
      </div>
    </details>
  );
});

/** What single keys do. Whoever speaks to the machine, or has an unsteady hand, can switch them off. */
const Keys = kept<{ language: Language }>(({ language }) => {
  const t = texts(language);
  return (
    <dialog id="keys" class="window keys" aria-labelledby="keys-title">
      <h2 id="keys-title">{t.layout.keys}</h2>
      <dl>
        {t.layout.keyList.map(([key, meaning]) => (
          <div>
            <dt>
              {key.split(' ').map((one) => (
                <kbd>{one}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="checkbox">
        <input type="checkbox" id="single-keys" checked />
        <span>{t.layout.singleKeys}</span>
      </label>
      <form method="dialog">
        <button type="submit" class="primary">
          {t.common.close}
        </button>
      </form>
    </dialog>
  );
});

/** Who goes on at another place does not stay at the one that the address names. */
function withoutLocation(path: string): string {
  const [page, query] = path.split('?');
  const kept = new URLSearchParams(query);
  kept.delete('location');
  return kept.size === 0 ? page! : `${page}?${kept}`;
}

function tabsOf({ t, role, practice, counts }: Viewer): { id: Tab; href: string; label: string; count?: number }[] {
  const desk = role !== 'provider';
  return [
    { id: 'book', href: '/book', label: t.layout.book },
    ...(desk && practice.appointmentWorkflow
      ? [{ id: 'tasks' as const, href: '/departure-tasks', label: t.layout.tasks, count: counts.tasks }]
      : []),
    ...(desk
      ? [{ id: 'followUp' as const, href: '/follow-up', label: t.layout.followUp, count: counts.followUps }]
      : []),
    ...(role === 'manager'
      ? [{ id: 'bookings' as const, href: '/bookings', label: t.layout.bookings, count: counts.attention }]
      : []),
    ...(desk && practice.onlineAppointmentsTab
      ? [{ id: 'online' as const, href: '/online-appointments', label: t.layout.online }]
      : []),
    { id: 'patients', href: '/patients', label: t.layout.patients },
    ...(role === 'manager'
      ? [{ id: 'reports' as const, href: '/reports/feature-usage', label: t.layout.reports }]
      : []),
    ...(role === 'manager' ? [{ id: 'settings' as const, href: '/settings', label: t.layout.settings }] : []),
  ];
}

export const initials = (name: string) =>
  name
    .split(/\s+/)
    .filter((part) => /^\p{Lu}/u.test(part))
    .map((part) => part[0])
    .slice(0, 2)
    .join('');
