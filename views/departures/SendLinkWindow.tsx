import { Csrf } from '../forms/Csrf.tsx';
import { Checkbox, FieldError } from '../forms/Field.tsx';
import { inWindow, Window } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface SendLinkProps {
  viewer: Viewer;
  /** Where the form goes. */
  url: string;
  back: string;
  patientName: string;
  /** The channels on file, each with its contact and how the message will read. */
  channels: { channel: 'sms' | 'email'; contact: string; subject: string | null; preview: string }[];
  form: FormState;
}

/** Send Online Booking Link by SMS/Email: any combination of the channels on file. */
export function SendLinkWindow({ viewer, url, back, patientName, channels, form }: SendLinkProps) {
  const { t } = viewer;
  return (
    <Window reader={viewer} title={t.departures.sendTitle} back={back}>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        <p>{patientName}</p>
        <fieldset class="choices" aria-describedby={form.errors.channels ? 'channels-error' : undefined}>
          <legend>{t.departures.sendTo}</legend>
          {channels.map(({ channel, contact }) => (
            <Checkbox reader={viewer} form={form} name="channels" value={channel} initial label={t.departures[channel](contact)} />
          ))}
          <FieldError reader={viewer} code={form.errors.channels} id="channels-error" />
        </fieldset>
        <section aria-label={t.departures.preview}>
          <h3>{t.departures.preview}</h3>
          {channels.map(({ channel, subject, preview }) => (
            <figure class={`preview ${channel}`}>
              <figcaption>{t.followUp.channels[channel]}</figcaption>
              {subject ? <strong>{subject}</strong> : null}
              <p>{preview}</p>
            </figure>
          ))}
        </section>
        <button class="primary" autofocus>{t.departures.send}</button>
      </form>
    </Window>
  );
}

/** The warning when there is no contact on file, with both ways out. */
export function NoContactsWarning({ viewer, patientId, collectUrl, back }: { viewer: Viewer; patientId: string; collectUrl: string; back: string }) {
  const { t } = viewer;
  return (
    <Window reader={viewer} title={t.departures.noContactsTitle} back={back}>
      <p role="alert" class="notice">{t.departures.noContacts}</p>
      <p class="pager">
        <a class="button primary" href={collectUrl} hx-get={collectUrl} hx-target="#window">{t.departures.collect}</a>
        <a class="button" href={`/patients/${patientId}/edit?back=${encodeURIComponent(back)}`}>{t.departures.openPatientFile}</a>
      </p>
    </Window>
  );
}
