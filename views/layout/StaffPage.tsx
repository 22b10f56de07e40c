import type { ComponentChildren } from 'preact';
import { SearchIcon } from '../icons.tsx';
import type { Viewer } from '../reader.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Document } from './Document.tsx';

export type Tab = 'book' | 'tasks' | 'followUp' | 'online' | 'patients' | 'reports' | 'settings';

export interface StaffPageProps {
  viewer: Viewer;
  title: string;
  tab: Tab;
  /** A window that stands over the page; without scripts it is the page. */
  window?: ComponentChildren;
  children: ComponentChildren;
}

/** The frame of every staff screen: practice, tabs, search, the user's menu, and the place where windows open. */
export function StaffPage({ viewer, title, tab, window, children }: StaffPageProps) {
  const { t } = viewer;
  return (
    <Document reader={viewer} title={`${title} · ${viewer.practice.name}`} kind="staff">
      <a class="skip" href="#main">{t.layout.skipToContent}</a>
      <header class="head">
        <a class="practice" href="/book">{viewer.practice.name}<small>{viewer.location.name}</small></a>
        <nav aria-label={t.layout.tabs}>
          <ul class="tabs" role="list">
            {tabsOf(viewer).map(({ id, href, label, count }) => (
              <li>
                <a href={href} aria-current={id === tab ? 'page' : undefined}>
                  {label}
                  {count ? <span class="count">{count}</span> : null}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <form class="search" role="search" action="/patients" method="get">
          <SearchIcon />
          <input type="search" name="q" aria-label={t.people.searchLabel} placeholder={t.people.searchPlaceholder} autocomplete="off" data-key="/" />
        </form>
        <details class="user">
          <summary><span class="avatar" aria-hidden="true">{initials(viewer.name)}</span><span>{viewer.name}</span></summary>
          <div class="menu">
            <p class="hint">{t.layout.roles[viewer.role]}</p>
            <LanguageForm viewer={viewer} />
            <form action="/lock" method="post"><Csrf reader={viewer} /><button class="quiet">{t.layout.switchUser}</button></form>
            <form action="/sign-out" method="post"><Csrf reader={viewer} /><button class="quiet">{t.layout.signOut}</button></form>
          </div>
        </details>
      </header>
      <div id="live" hx-sse:connect="/live" hidden />
      <main id="main" class={`main ${tab}`}>
        {window ? <div class="window-page">{window}</div> : null}
        {children}
      </main>
      <dialog id="window" class="window" aria-label={t.layout.window} />
      <dialog id="keys" class="window keys" aria-labelledby="keys-title">
        <h2 id="keys-title">{t.layout.keys}</h2>
        <dl>
          {t.layout.keyList.map(([key, meaning]) => (<><dt><kbd>{key}</kbd></dt><dd>{meaning}</dd></>))}
        </dl>
        <form method="dialog"><button class="primary">{t.common.close}</button></form>
      </dialog>
      <p id="announcements" class="visually-hidden" role="status" aria-live="polite" />
    </Document>
  );
}

function LanguageForm({ viewer }: { viewer: Viewer }) {
  const other = viewer.language === 'en' ? 'nl' : 'en';
  return (
    <form action="/language" method="post">
      <Csrf reader={viewer} />
      <input type="hidden" name="language" value={other} />
      <input type="hidden" name="to" value={viewer.path} />
      <button class="quiet" lang={other}>{viewer.t.layout.otherLanguage}</button>
    </form>
  );
}

function tabsOf({ t, role, practice, counts }: Viewer): { id: Tab; href: string; label: string; count?: number }[] {
  const desk = role !== 'provider';
  return [
    { id: 'book', href: '/book', label: t.layout.book },
    ...(desk && practice.appointmentWorkflow
      ? [{ id: 'tasks' as const, href: '/departure-tasks', label: t.layout.tasks, count: counts.tasks }]
      : []),
    ...(desk ? [{ id: 'followUp' as const, href: '/follow-up', label: t.layout.followUp, count: counts.followUps }] : []),
    ...(desk && practice.onlineAppointmentsTab ? [{ id: 'online' as const, href: '/online-appointments', label: t.layout.online }] : []),
    { id: 'patients', href: '/patients', label: t.layout.patients },
    ...(role === 'manager' ? [{ id: 'reports' as const, href: '/reports/feature-usage', label: t.layout.reports }] : []),
    ...(role === 'manager' ? [{ id: 'settings' as const, href: '/settings', label: t.layout.settings }] : []),
  ];
}

export const initials = (name: string) =>
  name.split(/\s+/).filter((part) => /^\p{Lu}/u.test(part)).map((part) => part[0]).slice(0, 2).join('');
