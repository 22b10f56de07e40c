import postgres from 'postgres';
import { claim, type Wish } from '../../domain/book/claim.ts';
import { amongRivals } from '../../domain/book/rivals.ts';
import { instantAt } from '../../domain/book/rules/localTime.ts';
import { connect } from '../../drizzle/database.ts';
import { type Figure, inTurn, timed } from '../figure.ts';
import { zone } from '../practice.ts';

const rivals = 200;
/** Of each side: as many as a few api processes have. */
const connections = 50;
/** Plain inserts may end one another for minutes; after so many milliseconds a rival of theirs goes away. */
const patienceMs = 3_000;

type ClaimOne = (patientId: string, startsAt: Date, endsAt: Date) => Promise<boolean>;

export const hotSlot: Figure = {
  name: 'hot-slot',
  what: `${rivals} rivals claim one time from one process over ${connections} connections, until all are answered`,
  unit: 'ms',
  better: 'lower',
  target: 'peer/ours ≥ 5, one winner',
  async measure(ground) {
    const book = await ground.openBook();
    const { practice, sql } = book;
    const patients = (await sql<{ id: string }[]>`select id from patients order by number limit ${rivals}`).map(
      ({ id }) => id,
    );
    const ours = connect(book.url, { max: connections });
    const plain = postgres(book.url, {
      max: connections,
      onnotice: () => {},
      connection: { lock_timeout: patienceMs },
    });
    ground.atEnd(() => Promise.all([ours.close(), plain.end({ timeout: 1 })]));
    const providerId = practice.providerIds[0]!;
    const chairIds = [practice.chairIds[0]!];
    let retries = 0;
    let gaveUp = 0;
    let slot = 0;

    /** Another day each time. */
    function freeTime(): [Date, Date] {
      const startsAt = new Date(instantAt(practice.workingDays[40 + slot++]!, 600, zone));
      return [startsAt, new Date(startsAt.getTime() + 1_800_000)];
    }

    /** Each connection opens and meets its statements, as in a process that has been up for a while. */
    const warm = (claimOne: ClaimOne) =>
      Promise.all(patients.slice(0, connections).map((patientId) => claimOne(patientId, ...freeTime())));

    /** Exactly one gets the time; of plain inserts at most one. */
    async function race(claimOne: ClaimOne) {
      const time = freeTime();
      let won: boolean[] = [];
      const took = await timed(async () => {
        won = await Promise.all(patients.map((patientId) => claimOne(patientId, ...time)));
      });
      const winners = won.filter(Boolean).length;
      if (winners > 1 || (winners === 0 && claimOne === byClaim)) throw new Error(`${winners} rivals won one time`);
      return { p50: took, p95: took };
    }

    async function byClaim(patientId: string, startsAt: Date, endsAt: Date): Promise<boolean> {
      const wish: Wish = {
        practiceId: practice.id,
        locationId: practice.locationId,
        providerId,
        chairIds,
        startsAt,
        endsAt,
        patientId,
        days: [startsAt.toISOString().slice(0, 10)],
        kind: 'appointment',
        madeBy: 'desk',
      };
      const claimed = await amongRivals({ providerId, startsAt, by: patientId }, () =>
        ours.database.transaction((tx) => claim(tx, wish)),
      );
      return !claimed.taken;
    }

    async function byInsert(patientId: string, startsAt: Date, endsAt: Date): Promise<boolean> {
      for (const end = Date.now() + patienceMs; ; retries++) {
        try {
          await plain`
            insert into book_entries (practice_id, location_id, kind, status, provider_id, chair_id, starts_at, ends_at, patient_id)
            values (${practice.id}, ${practice.locationId}, 'appointment', 'booked', ${providerId}, ${chairIds[0]!}, ${startsAt}, ${endsAt}, ${patientId})`;
          return true;
        } catch (error) {
          const { code } = error as { code?: string };
          if (code === '23P01') return false;
          // Rivals that wait for one another: PostgreSQL ends one of them after a second, and it tries again.
          if (code !== '40P01' && code !== '40001' && code !== '55P03') throw error;
          if (Date.now() < end) continue;
          gaveUp++;
          return false;
        }
      }
    }

    for (const claimOne of [byClaim, byInsert]) {
      await warm(claimOne);
      await race(claimOne);
    }
    const measured = await inTurn(
      () => race(byClaim),
      () => race(byInsert),
    );
    const ratio = measured.peer.p50 / measured.ours.p50;
    return {
      ours: measured.ours,
      peer: { name: 'plain INSERT with retry', ...measured.peer },
      ratio,
      pass: ratio >= 5,
      notes: [
        `one winner in every round; the plain inserts deadlocked and tried again ${retries} times, ${gaveUp} gave up`,
      ],
    };
  },
};
