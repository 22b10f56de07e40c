import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/bookingActivities.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { CarrierError, type Letter } from '../../gateways/carrier.ts';
import { type BuiltPractice, buildPractice, inDays, testKeys } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let days = 2;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});
afterAll(() => db?.drop());

/** The steps on carriers of which the email's fails so many times; with what left, by its recipient. */
function stepsWith({ emailFailures = 0 } = {}) {
  const left: string[] = [];
  const carrier = (failures = 0) => ({
    async send({ id, to }: Letter) {
      if (failures-- > 0) throw new CarrierError('temporary', 'carrier_fault', 503);
      left.push(to);
      return { carrierId: `test-${id}` };
    },
  });
  const carriers = { sms: carrier(), email: carrier(emailFailures) };
  return { left, steps: createActivities({ database: db.database, carriers, keys: testKeys, publicUrl: 'http://v' }) };
}

/** Both links have left before. */
async function confirmed() {
  const sent = await buildSent(db, built);
  await db.sql`update messages set state = 'sent', sent_at = now(), carrier_id = 'test-' || id where booking_id = ${sent.bookingId}`;
  await db.database.transaction((tx) => hold(tx, sent.bookingId, inDays(built, days++, 600)));
  await db.database.transaction((tx) => confirm(tx, sent.bookingId));
  return sent;
}

const standingOf = async (bookingId: string) =>
  (
    await db.sql`
      select (select state from bookings where id = ${bookingId}) as state,
        (select count(*)::int from book_entries where booking_id = ${bookingId} and kind = 'appointment') as appointments,
        (select count(*)::int from follow_ups where booking_id = ${bookingId} and closed_at is null) as open,
        (select count(*)::int from usage_events u join book_entries e on e.id = u.appointment_id
          where e.booking_id = ${bookingId}) as counted,
        (select count(*)::int from messages where booking_id = ${bookingId} and kind = 'confirmation' and state = 'sent') as sent`
  )[0]!;

const all = { state: 'booked_online', appointments: 1, open: 0, counted: 1, sent: 2 };

describe('what the patient’s yes leads to', () => {
  it('is there at once, and only once', async () => {
    const { bookingId, patient } = await confirmed();
    const { left, steps } = stepsWith();
    expect(await steps.bookOnline(bookingId)).toMatchObject({ state: 'booked_online' });
    expect(await standingOf(bookingId)).toEqual(all);
    expect((await steps.bookOnline(bookingId)).state).toBe('booked_online');
    expect(left.sort()).toEqual([patient.mobile, patient.email].sort());
    expect(await standingOf(bookingId)).toEqual(all);
  });

  it('stands where a carrier fails, whose message alone is left to its step', async () => {
    const { bookingId, patient } = await confirmed();
    const { left, steps } = stepsWith({ emailFailures: 1 });
    await expect(steps.bookOnline(bookingId)).rejects.toThrow();
    expect(await standingOf(bookingId)).toEqual({ ...all, sent: 1 });
    expect((await steps.writeAppointment(bookingId)).state).toBe('booked_online');
    await Promise.all([
      steps.sendConfirmation(bookingId),
      steps.moveOffFollowUp(bookingId),
      steps.recordUsage(bookingId),
    ]);
    expect(left.sort()).toEqual([patient.mobile, patient.email].sort());
    expect(await standingOf(bookingId)).toEqual(all);
  });

  it('comes of nothing but a yes', async () => {
    const { bookingId } = await buildSent(db, built);
    const { left, steps } = stepsWith();
    expect((await steps.bookOnline(bookingId)).state).toBe('link_sent');
    expect(await standingOf(bookingId)).toEqual({ state: 'link_sent', appointments: 0, open: 1, counted: 0, sent: 0 });
    expect(left).toEqual([]);
  });

  it('is all or nothing in the book', async () => {
    const { bookingId } = await confirmed();
    await db.sql.unsafe(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger refuse before insert on usage_events for each row execute function refuse()`);
    const { left, steps } = stepsWith();
    await expect(steps.bookOnline(bookingId)).rejects.toThrow();
    await db.sql.unsafe('drop trigger refuse on usage_events; drop function refuse');
    expect(await standingOf(bookingId)).toMatchObject({ state: 'confirmed', appointments: 0, open: 1, sent: 0 });
    expect(left).toEqual([]);
    await steps.bookOnline(bookingId);
    expect(await standingOf(bookingId)).toEqual(all);
    expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
  });
});
