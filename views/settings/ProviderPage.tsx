import type { ComponentChildren } from 'preact';
import type { OnlineConfiguration } from '../../domain/practice/onlineBooking.ts';
import type { ListedProvider } from '../../domain/practice/providers.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { FieldError } from '../forms/Field.tsx';
import { inWindow, opensWindow, Window } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { OnlineBookingForm } from './OnlineBookingForm.tsx';
import { ProviderDetailsForm } from './ProviderDetailsForm.tsx';
import { ProviderPictureForm } from './ProviderPictureForm.tsx';
import { StillBusy, titled } from './ProvidersPage.tsx';
import { SaveButtons } from './SaveButtons.tsx';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';
import { WeekFields, WeekList } from './WeekFields.tsx';

export interface ProviderProps extends SettingsVisit {
  provider: ListedProvider;
  online: OnlineConfiguration;
  /** All chairs of the practice, with their location where there are several. */
  chairs: { id: string; name: string; active: boolean }[];
  /** Hours as they are typed, Monday first, at each location. */
  weeks: { location: { id: string; name: string }; week: string[] }[];
  detailsForm: FormState;
  pictureForm: FormState;
  onlineForm: FormState;
  window?: ComponentChildren;
}

/** A provider: name and colour, online configuration, working hours. */
export function ProviderPage(props: ProviderProps) {
  const { viewer, notice, provider, weeks, window } = props;
  const { settings } = viewer.t;
  const words = settings.providers;
  return (
    <SettingsPage viewer={viewer} notice={notice} section="providers" title={titled(provider)} window={window}>
      <StillBusy viewer={viewer} provider={provider} />
      <ProviderDetailsForm viewer={viewer} provider={provider} form={props.detailsForm} />
      <ProviderPictureForm viewer={viewer} provider={provider} form={props.pictureForm} />
      <OnlineBookingForm {...props} form={props.onlineForm} />
      <section class="settings-form part" aria-labelledby="working-hours">
        <h2 id="working-hours">{words.workingHours}</h2>
        <p class="hint">{words.workingHoursHint}</p>
        {weeks.map(({ location, week }) => (
          <div class="week-of">
            <h3>{location.name}</h3>
            {week.some(Boolean) ? <WeekList viewer={viewer} week={week} /> : <p class="hint">{settings.noHours}</p>}
            <a class="button" {...opensWindow(`/settings/providers/${provider.id}/working-hours/${location.id}`)}>
              {settings.edit}{' '}
              <span class="visually-hidden">{words.workingHoursOf(titled(provider), location.name)}</span>
            </a>
          </div>
        ))}
      </section>
    </SettingsPage>
  );
}

export function NewProviderPage({ viewer, form }: { viewer: Viewer; form: FormState }) {
  return (
    <SettingsPage viewer={viewer} notice={null} section="providers" title={viewer.t.settings.providers.newTitle}>
      <ProviderDetailsForm viewer={viewer} provider={null} form={form} />
    </SettingsPage>
  );
}

export interface WorkingHoursProps {
  viewer: Viewer;
  provider: ListedProvider;
  location: { id: string; name: string };
  week: string[];
  form: FormState;
}

export function WorkingHoursWindow({ viewer, provider, location, week, form }: WorkingHoursProps) {
  const { settings } = viewer.t;
  const back = `/settings/providers/${provider.id}`;
  return (
    <Window reader={viewer} title={settings.providers.workingHoursOf(titled(provider), location.name)} back={back}>
      <p class="hint">{settings.workingHoursExample}</p>
      <form {...inWindow(`${back}/working-hours/${location.id}`)}>
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <WeekFields viewer={viewer} form={form} week={week} />
        <SaveButtons viewer={viewer} back={back} />
      </form>
    </Window>
  );
}
