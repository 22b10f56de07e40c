import { Csrf } from '../forms/Csrf.tsx';
import { Checkbox, FieldError } from '../forms/Field.tsx';
import { MailIcon, MessageIcon, SendIcon, WarningIcon } from '../icons.tsx';
import { inWindow, leadingBack, opensWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { Channel, FormState, Viewer } from '../reader.ts';

export interface SendLinkProps {
  viewer: Viewer;
  /** Where the form goes. */
  url: string;
  back: string;
  patientName: string;
  /** The channels on file, each with its contact and how the message will read. */
  channels: {
    channel: Channel;
    contact: string;
    /** The patient wants no messages this way. */
    optedOut: boolean;
    subject: string | null;
    /** Of an SMS: as how many it is paid, and how long it is. */
    segments: number | null;
    letters: number;
    preview: string;
  }[];
  form: FormState;
}

/** Send Online Booking Link by SMS/Email: any combination of the channels on file that the patient has not opted out of. */
export function SendLinkWindow({ viewer, url, back, patientName, channels, form }: SendLinkProps) {
  const { t } = viewer;
  const open = channels.filter(({ optedOut }) => !optedOut);
  return (
    <Window reader={viewer} title={t.departures.sendTitle} about={patientName} back={back}>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        <fieldset class="choices" aria-describedby={form.errors.channels ? 'channels-error' : undefined}>
          <legend>{t.departures.sendTo}</legend>
          {channels.map(({ channel, contact, optedOut }) => (
            <Checkbox
              reader={viewer}
              form={form}
              name="channels"
              value={channel}
              initial
              label={t.departures[channel](contact)}
              disabled={optedOut}
              hint={optedOut ? t.departures.optedOut[channel] : undefined}
            />
          ))}
          <FieldError reader={viewer} code={form.errors.channels} id="channels-error" />
        </fieldset>
        <section class="previews" aria-label={t.departures.preview} hidden={open.length === 0}>
          <h2>{t.departures.preview}</h2>
          {open.map(({ channel, subject, segments, letters, preview }) => (
            <figure class={`preview ${channel}`}>
              <figcaption>
                {channel === 'sms' ? <MessageIcon size={14} /> : <MailIcon size={14} />} {t.common.channels[channel]}
                {segments === null ? null : (
                  <span class={segments > 1 ? 'warning' : 'hint'}> {t.departures.smsLength(letters, segments)}</span>
                )}
              </figcaption>
              {subject ? <strong>{subject}</strong> : null}
              <p>{preview}</p>
            </figure>
          ))}
        </section>
        <WindowActions reader={viewer} back={back}>
          {open.length > 0 ? (
            <button type="submit" class="primary" autofocus>
              <SendIcon /> {t.departures.send}
            </button>
          ) : (
            <span class="warning">{t.departures.noneLeft}</span>
          )}
        </WindowActions>
      </form>
    </Window>
  );
}

export interface NoContactsProps {
  viewer: Viewer;
  patientId: string;
  collectUrl: string;
  back: string;
}

/** The warning when there is no contact on file, with both ways out. */
export function NoContactsWarning({ viewer, patientId, collectUrl, back }: NoContactsProps) {
  const { t } = viewer;
  return (
    <Window reader={viewer} title={t.departures.noContactsTitle} back={back}>
      <p role="alert" class="notice with-icon">
        <WarningIcon /> {t.departures.noContacts}
      </p>
      <p class="window-actions">
        <a class="button primary" {...opensWindow(collectUrl)}>
          {t.departures.collect}
        </a>
        <a class="button" href={leadingBack(`/patients/${patientId}/edit`, back)}>
          {t.departures.openPatientFile}
        </a>
      </p>
    </Window>
  );
}
