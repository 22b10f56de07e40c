import type { Channel, Reader } from '../reader.ts';
import type { Practice } from './PatientPage.tsx';

export interface WithoutConfirmationProps {
  reader: Reader;
  practice: Practice;
  channels: Channel[];
  /** By which the patient wants no messages. */
  silent: Channel[];
}

/** For a patient who opted out: which confirmation does not come, and how to get one otherwise. */
export function WithoutConfirmation({ reader, practice, channels, silent }: WithoutConfirmationProps) {
  const { t, f } = reader;
  if (silent.length === 0) return null;
  const by = (some: Channel[]) => f.either(some.map((channel) => t.common.byChannel[channel]));
  return (
    <p class="notice" role="note">
      {t.patientLinks.optedOut(by(silent))}{' '}
      {channels.length > 0
        ? t.patientLinks.confirmedBy(by(channels))
        : t.patientLinks.confirmedOtherwise(practice.phone)}{' '}
      {silent.includes('sms') ? t.patientLinks.textStart : t.patientLinks.emailAgain}
    </p>
  );
}
