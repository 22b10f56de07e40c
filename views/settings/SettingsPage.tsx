import type { ComponentChildren } from 'preact';
import { StaffPage } from '../layout/StaffPage.tsx';
import { opensWindow } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';

export type Section = 'practice' | 'locations' | 'providers' | 'chairs' | 'services' | 'messages' | 'users';
const sections: Section[] = ['practice', 'locations', 'providers', 'chairs', 'services', 'messages', 'users'];

/** What every page of the settings knows of its visit. */
export interface SettingsVisit {
  viewer: Viewer;
  /** What was just done, a code of `settings.notices`. */
  notice: string | null;
}

export interface SettingsPageProps extends SettingsVisit {
  section: Section;
  /** Where it is not the section's own. */
  title?: string;
  /** The way to something new; `window` where it opens in one. */
  add?: { href: string; label: string; window: boolean };
  window?: ComponentChildren;
  children: ComponentChildren;
}

/** The frame of the settings: what can be set stands beside the page. */
export function SettingsPage({ viewer, notice, section, title, add, window, children }: SettingsPageProps) {
  const { settings } = viewer.t;
  const heading = title ?? settings.sections[section];
  const done = notice === null ? undefined : settings.notices[notice];
  return (
    <StaffPage viewer={viewer} title={`${heading} · ${settings.title}`} tab="settings" window={window}>
      <div class="settings-screen">
        <nav class="settings-nav" aria-label={settings.nav}>
          <ul>
            {sections.map((one) => (
              <li>
                <a href={`/settings/${one}`} aria-current={one === section ? (title ? 'true' : 'page') : undefined}>
                  {settings.sections[one]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="settings-content">
          {done ? (
            <p class="flash" role="status">
              {done}
            </p>
          ) : null}
          <div class="settings-head">
            <h1>{heading}</h1>
            {add ? (
              <a class="button primary" {...(add.window ? opensWindow(add.href) : { href: add.href })}>
                {add.label}
              </a>
            ) : null}
          </div>
          {children}
        </div>
      </div>
    </StaffPage>
  );
}
