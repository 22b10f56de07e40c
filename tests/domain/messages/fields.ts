import type { Fields } from '../../../domain/messages/templates.ts';

/** Fields of an invented practice; the appointment is on Monday 7 December 2026 at 09:20 in Amsterdam. */
export const fields = (changes: Partial<Fields> = {}): Fields => ({
  language: 'en',
  practice: { name: 'Tandartsen De Kade', shortName: 'De Kade', phone: '020 000 0000' },
  first: 'Robin',
  provider: 'Dr Noor Beekman',
  providerTitle: 'Dr',
  zone: 'Europe/Amsterdam',
  expiresAt: new Date('2026-12-07T23:00:00Z'),
  appointment: { startsAt: new Date('2026-12-07T08:20:00Z'), minutes: 30, place: 'Canal House, Voorbeeldkade 1' },
  ...changes,
});

export const url = `https://v.example/b/${'x'.repeat(22)}`;
export const languages = ['en', 'nl'] as const;
export const kinds = ['link', 'reminder', 'confirmation'] as const;
