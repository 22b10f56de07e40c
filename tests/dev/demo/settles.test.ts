import { pino } from 'pino';
import { expect, it } from 'vitest';
import { seedDemoPractice } from '../../../dev/demo/seed.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { sweep } from '../../../worker/sweep.ts';
import { freshDatabase } from '../../engines/database.ts';
import { eventually, startTestWorker } from '../../engines/worker.ts';

it('comes to rest by itself when the first worker starts: each entry of Follow Up has its workflow', async () => {
  const db = await freshDatabase();
  await seedDemoPractice(db.url);
  const worker = await startTestWorker(db);
  try {
    const { client, taskQueue, sql } = worker;
    // The relay brings them all: the sweep, which warns of what it finds, finds nothing.
    expect(await sweep({ sql, client, taskQueue, log: pino({ level: 'error' }) })).toBe(0);
    expect(
      await eventually(
        () => findInconsistencies(db.sql, { atRest: true }),
        (found) => found.length === 0,
      ),
    ).toEqual([]);
    const followUps = await db.sql`select booking_id from follow_ups where closed_at is null`;
    expect(followUps).toHaveLength(3);
    for (const { booking_id } of followUps) {
      expect((await client.workflow.getHandle(`booking-${booking_id}`).describe()).status.name).toBe('COMPLETED');
    }
  } finally {
    await worker.stop();
    await db.drop();
  }
});
