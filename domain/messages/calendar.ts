import { ICalAlarmType, ICalCalendarMethod, ICalEventStatus, default as ical } from 'ical-generator';
import { messages as en } from '../../locales/en/messages.ts';
import type { Language } from '../../locales/formats.ts';
import { messages as nl } from '../../locales/nl/messages.ts';

export interface CalendarAppointment {
  /** The appointment's id: the same event when it is added again. */
  id: string;
  language: Language;
  practice: { name: string; phone: string; email?: string | null };
  provider: string;
  place: string;
  startsAt: Date;
  endsAt: Date;
  /** Grows with every change of the appointment, so that a calendar knows which file is the newer one; 0 at first. */
  sequence: number;
}

/** An iCalendar file (RFC 5545) with the appointment and an alarm the day before. Names neither patient nor treatment. */
export function calendarFile(appointment: CalendarAppointment): string {
  const { id, language, practice, provider, place, startsAt, endsAt, sequence } = appointment;
  const texts = { en, nl }[language].calendar;
  const calendar = ical({
    prodId: { company: 'Nextvisit', product: 'Nextvisit', language },
    method: ICalCalendarMethod.PUBLISH,
  });
  const event = calendar.createEvent({
    id: `${id}@nextvisit`,
    sequence,
    status: ICalEventStatus.CONFIRMED,
    start: startsAt,
    end: endsAt,
    summary: texts.summary(practice.name),
    description: texts.description(provider, practice.phone),
    location: place,
    organizer: practice.email ? { name: practice.name, email: practice.email } : null,
  });
  event.createAlarm({ type: ICalAlarmType.display, trigger: 24 * 3600 });
  return calendar.toString();
}

/** The calendar file as an email carries it. */
export function calendarAttachment(appointment: CalendarAppointment) {
  return {
    filename: { en, nl }[appointment.language].calendar.filename,
    content: calendarFile(appointment),
    contentType: 'text/calendar; charset=utf-8; method=PUBLISH',
  };
}
