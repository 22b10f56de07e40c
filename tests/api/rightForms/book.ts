import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, inDays } from '../../builders.ts';
import type { FreshDatabase } from '../../engines/database.ts';
import { at, below, clock, type Fields, form, freeHour, nextNumber, type RightForms } from './form.ts';

function appointmentFields(built: BuiltPractice): Fields {
  const { day, minute } = freeHour(built);
  return {
    day,
    start: clock(minute),
    length: '0:10',
    provider: built.providers[0]!.id,
    chair: built.chairs[0]!.id,
    description: 'Control',
    note: 'Note',
  };
}

async function entry(
  db: FreshDatabase,
  built: BuiltPractice,
  more: Partial<typeof tables.bookEntries.$inferInsert>,
): Promise<string> {
  const startsAt = more.startsAt ?? freeHour(built).startsAt;
  const [row] = await db.database
    .insert(tables.bookEntries)
    .values({
      practiceId: built.practice.id,
      locationId: built.location.id,
      kind: 'appointment',
      status: 'booked',
      chairId: built.chairs[0]!.id,
      startsAt,
      endsAt: new Date(startsAt.getTime() + 10 * 60_000),
      ...more,
    })
    .returning();
  return row!.id;
}

export async function appointment(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const patientId = (await buildPatient(db, built)).id;
  return `/book/appointments/${await entry(db, built, { patientId, providerId: built.providers[0]!.id })}`;
}

async function todays(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const patientId = (await buildPatient(db, built)).id;
  const startsAt = inDays(built, 0, 30 + (nextNumber() % 40) * 30);
  const providerId = built.providers[0]!.id;
  return `/book/appointments/${await entry(db, built, { patientId, providerId, startsAt, overlapAllowed: true })}`;
}

export const block = (db: FreshDatabase, built: BuiltPractice) =>
  entry(db, built, { kind: 'block', blockReason: 'closure' });

export const bookForms: RightForms = {
  '/book/appointments/new': form(at('/book/appointments/new'), () => ({ q: 'Zieg' })),
  '/book/appointments': async (db, built) => ({
    url: '/book/appointments',
    fields: { ...appointmentFields(built), patient: (await buildPatient(db, built)).id },
  }),
  '/book/appointments/:id/edit': form(below('/edit', appointment), appointmentFields),
  '/book/appointments/:id/move': form(below('/move', appointment), (built) => {
    const { day, minute } = freeHour(built);
    return { day, minute: String(minute + 30), provider: built.providers[0]!.id, chair: built.chairs[0]!.id };
  }),
  '/book/appointments/:id/cancellation': form(below('/cancellation', appointment)),
  '/book/appointments/:id/state': form(below('/state', todays), () => ({ status: 'arrived' })),
  '/book/blocks': form(at('/book/blocks'), (built) => {
    const { day, minute } = freeHour(built);
    return {
      reason: 'absence',
      provider: built.providers[0]!.id,
      chair: '',
      day,
      from: clock(minute + 35),
      untilDay: day,
      until: clock(minute + 40),
      note: 'Note',
    };
  }),
  '/book/blocks/:id/cancellation': form(async (db, built) => `/book/blocks/${await block(db, built)}/cancellation`),
};
