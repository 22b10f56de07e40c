import { describe, expect, it } from 'vitest';
import { type CalendarAppointment, calendarAttachment, calendarFile } from '../../../domain/messages/calendar.ts';

const appointment = (changes: Partial<CalendarAppointment> = {}): CalendarAppointment => ({
  id: '0192f000-0000-7000-8000-000000000001',
  language: 'nl',
  practice: { name: 'Tandartsen De Kade', phone: '020 000 0000', email: 'balie@practice.example' },
  provider: 'Dr Noor Beekman',
  place: 'Canal House, Voorbeeldkade 1; Amsterdam',
  startsAt: new Date('2026-12-07T08:20:00Z'),
  endsAt: new Date('2026-12-07T08:50:00Z'),
  sequence: 0,
  ...changes,
});

/** The file's lines with folded ones joined (RFC 5545, 3.1). */
const linesOf = (file: string) => file.replace(/\r\n[ \t]/g, '').split('\r\n');

describe('a calendar file', () => {
  it('holds the appointment, with an alarm the day before', () => {
    const lines = linesOf(calendarFile(appointment()));
    expect(lines).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Nextvisit//Nextvisit//NL',
      'METHOD:PUBLISH',
      'BEGIN:VEVENT',
      'UID:0192f000-0000-7000-8000-000000000001@nextvisit',
      'SEQUENCE:0',
      expect.stringMatching(/^DTSTAMP:\d{8}T\d{6}Z$/),
      'DTSTART:20261207T082000Z',
      'DTEND:20261207T085000Z',
      'SUMMARY:Afspraak bij Tandartsen De Kade',
      'LOCATION:Canal House\\, Voorbeeldkade 1\\; Amsterdam',
      'DESCRIPTION:Bij Dr Noor Beekman. Vragen? Bel 020 000 0000.',
      'ORGANIZER;CN="Tandartsen De Kade":mailto:balie@practice.example',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      'TRIGGER:-P1D',
      'DESCRIPTION:Afspraak bij Tandartsen De Kade',
      'END:VALARM',
      'STATUS:CONFIRMED',
      'END:VEVENT',
      'END:VCALENDAR',
    ]);
  });

  it.each([
    ['en', 'appointment.ics', 'SUMMARY:Appointment at Tandartsen De Kade'],
    ['nl', 'afspraak.ics', 'SUMMARY:Afspraak bij Tandartsen De Kade'],
  ] as const)('speaks the patient’s language: %s', (language, filename, summary) => {
    const file = calendarAttachment(appointment({ language }));
    expect(file).toMatchObject({ filename, contentType: 'text/calendar; charset=utf-8; method=PUBLISH' });
    expect(linesOf(file.content)).toContain(summary);
  });

  it('is the same event, and a newer one, after a change', () => {
    const lines = linesOf(calendarFile(appointment({ sequence: 3 })));
    expect(lines).toContain('UID:0192f000-0000-7000-8000-000000000001@nextvisit');
    expect(lines).toContain('SEQUENCE:3');
  });

  it('does without an organizer when the practice has no address', () => {
    const { practice } = appointment();
    expect(calendarFile(appointment({ practice: { ...practice, email: null } }))).not.toContain('ORGANIZER');
  });

  it('lets no name write lines of its own', () => {
    const name = 'De Kade\r\nATTENDEE:mailto:x@example.com';
    const lines = linesOf(
      calendarFile(
        appointment({ practice: { name, phone: '1', email: 'a@practice.example' }, place: name, provider: name }),
      ),
    );
    expect(lines.filter((line) => line.startsWith('ATTENDEE'))).toEqual([]);
  });
});
