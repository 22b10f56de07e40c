import { receptionistsBrowser } from '../bookings.ts';
import { type Figure, oneByOne, rounds, type Spread, spreadOf } from '../figure.ts';
import { usualPast } from '../ground.ts';
import { startApi } from '../processes.ts';
import { readDay } from './dayPage.ts';
import { findGaps, oneConnection } from './gapFind.ts';

const sizes = [usualPast / 100, usualPast / 10, usualPast];
const works = ['gap-find', 'day-page'] as const;

export const growth: Figure = {
  name: 'growth',
  what: `gap-find and day-page with ${sizes.map((size) => size.toLocaleString('en')).join(', ')} past appointments; the worse of the two`,
  unit: 'ms',
  better: 'lower',
  target: '100×/1× ≤ 1.3',
  async measure(ground) {
    const books = [];
    for (const size of sizes) {
      const book = await ground.openBook(size);
      const browser = await receptionistsBrowser((await startApi(ground, book)).url, book);
      const sql = oneConnection(ground, book);
      const path = `/book?day=${book.practice.workingDays[2]}`;
      books.push({ 'gap-find': () => findGaps(sql, book), 'day-page': () => readDay(browser, path) });
    }
    const seen = Object.fromEntries(works.map((work) => [work, sizes.map(() => [] as Spread[])]));
    for (let round = -1; round < rounds; round++) {
      for (const work of works) {
        for (const i of round % 2 === 0 ? [0, 1, 2] : [2, 1, 0]) {
          const spread = spreadOf(await oneByOne(work === 'gap-find' ? 200 : 60, books[i]![work]));
          if (round >= 0) seen[work]![i]!.push(spread);
        }
      }
    }
    const results = works.map((work) => {
      const [one, ten, hundred] = seen[work]!.map((spreads) => ({
        p50: spreadOf(spreads.map(({ p50 }) => p50)).p50,
        p95: spreadOf(spreads.map(({ p95 }) => p95)).p50,
      }));
      return { work, one: one!, ten: ten!, hundred: hundred!, ratio: hundred!.p50 / one!.p50 };
    });
    const worse = results.reduce((a, b) => (b.ratio > a.ratio ? b : a));
    return {
      ours: worse.hundred,
      peer: { name: `${worse.work} at 1×`, ...worse.one },
      ratio: worse.ratio,
      pass: worse.ratio <= 1.3,
      notes: results.map(
        ({ work, one, ten, hundred, ratio }) =>
          `${work} takes ${one.p50.toFixed(2)} ms at 1×, ${ten.p50.toFixed(2)} ms at 10×, ${hundred.p50.toFixed(2)} ms at 100×: ${ratio.toFixed(2)}`,
      ),
    };
  },
};
