import { default as ical, ICalAlarmType, ICalCalendarMethod } from 'ical-generator';
import { messages as en } from '../../locales/en/messages.ts';
import { messages as nl } from '../../locales/nl/messages.ts';
import type { Language } from '../../locales/formats.ts';

export interface CalendarAppointment {
  /** The appointment's id: the same event when it is added again. */
  id: string;
  language: Language;
  practice: { name: string; phone: string };
  provider: string;
  place: string;
  startsAt: Date;
  endsAt: Date;
}

/** An iCalendar file (RFC 5545) with the appointment and an alarm the day before. Names no treatment. */
export function calendarFile({ id, language, practice, provider, place, startsAt, endsAt }: CalendarAppointment): string {
  const texts = { en, nl }[language].calendar;
  const calendar = ical({ prodId: { company: 'Nextvisit', product: 'Nextvisit', language }, method: ICalCalendarMethod.PUBLISH });
  const event = calendar.createEvent({
    id: `${id}@nextvisit`,
    start: startsAt,
    end: endsAt,
    summary: texts.summary(practice.name),
    description: texts.description(provider, practice.phone),
    location: place,
  });
  event.createAlarm({ type: ICalAlarmType.display, trigger: 24 * 3600 });
  return calendar.toString();
}
