import type { Sql } from 'postgres';
import postgres from 'postgres';
import { gapsIn } from '../../domain/book/gaps.ts';
import { addDays } from '../../domain/book/rules/localTime.ts';
import { type Figure, inTurn, oneByOne, spreadOf } from '../figure.ts';
import type { Book, Ground } from '../ground.ts';
import { zone } from '../practice.ts';

const aRound = 200;

/** One connection, for ours and for the peer. */
export function oneConnection(ground: Ground, { url }: Book): Sql {
  const sql = postgres(url, { max: 1, connection: { TimeZone: 'UTC' }, onnotice: () => {} });
  ground.atEnd(() => sql.end());
  return sql;
}

/** All gaps for half an hour over the link's first two weeks, in any of four chairs. */
export async function findGaps(sql: Sql, { practice }: Book): Promise<number> {
  const fromDay = addDays(practice.today, 1);
  const gaps = await gapsIn(sql, {
    locationId: practice.locationId,
    providerId: practice.providerIds[0]!,
    chairIds: practice.chairIds,
    minutes: 30,
    timeZone: zone,
    fromDay,
    untilDay: addDays(fromDay, 14),
    notBefore: Date.now(),
    bookingId: practice.id,
  });
  if (gaps.length < 10) throw new Error(`only ${gaps.length} gaps were found`);
  return gaps.length;
}

export const gapFind: Figure = {
  name: 'gap-find',
  what: 'all gaps of a link’s first two weeks, four chairs, 160,000 past appointments and 20,000 patients',
  unit: 'ms',
  better: 'lower',
  target: 'ours/peer ≤ 3',
  async measure(ground) {
    const book = await ground.openBook();
    const sql = oneConnection(ground, book);
    await oneByOne(aRound, () => findGaps(sql, book));
    const { ours, peer } = await inTurn(
      async () => spreadOf(await oneByOne(aRound, () => findGaps(sql, book))),
      async () => spreadOf(await oneByOne(aRound, () => sql`select 1`)),
    );
    const ratio = ours.p50 / peer.p50;
    const bare = spreadOf(
      await oneByOne(aRound, () => sql`select ${book.practice.id}::uuid, ${book.practice.today}::date`),
    );
    return {
      ours,
      peer: { name: 'SELECT 1', ...peer },
      ratio,
      pass: ratio <= 3,
      notes: [`a statement with parameters that reads nothing: ${bare.p50.toFixed(2)} ms`],
    };
  },
};
