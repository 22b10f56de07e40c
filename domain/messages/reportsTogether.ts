import type { Database } from '../../drizzle/database.ts';
import { databaseErrorIn } from '../../drizzle/faults.ts';
import { isGoodNews, type Told, takeGoodNews, takeReport } from './deliveryReports.ts';

/** More wait for the next statement. */
const mostTogether = 200;

type Waiting = Told & { done(): void; failed(error: unknown): void };

/**
 * Takes reports as `takeReport` does, good news together: what comes while others are written is written next, by one statement
 * and one commit for all. When carriers call often, that is most of what a call costs; when they call rarely, nobody waits.
 * @returns takes a report; done when it is committed, so that a carrier that is told so need not bring it again
 */
export function reportsTogether(database: Database): (told: Told) => Promise<void> {
  let waiting: Waiting[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    writing = true;
    // What else has arrived at this moment comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const now = ofDifferentLetters(waiting);
      waiting = waiting.filter((one) => !now.has(one));
      await write([...now]);
    }
    writing = false;
  }

  async function write(together: Waiting[]): Promise<void> {
    try {
      const left = new Set(await takeGoodNews(database, together));
      for (const one of together) left.has(one) ? void alone(one) : one.done();
    } catch (error) {
      // One that the database can't take must not fail the others; where it is away, all have failed.
      const isRefused = together.length > 1 && databaseErrorIn(error);
      for (const one of together) isRefused ? void alone(one) : one.failed(error);
    }
  }

  const alone = ({ report, event, done, failed }: Waiting) => takeReport(database, report, event).then(done, failed);

  return async (told) => {
    if (!isGoodNews(told.report)) return void (await takeReport(database, told.report, told.event));
    return new Promise((done, failed) => {
      waiting.push({ ...told, done, failed });
      if (!writing) void writeAll();
    });
  };
}

/** The first that wait, each of another letter by whatever it is called. */
function ofDifferentLetters(waiting: Waiting[]): Set<Waiting> {
  const names = new Set<string>();
  const chosen = new Set<Waiting>();
  for (const one of waiting) {
    const { carrierId, letterId } = one.report;
    const own = letterId ? [carrierId, letterId] : [carrierId];
    if (!own.some((name) => names.has(name))) chosen.add(one);
    for (const name of own) names.add(name);
    if (chosen.size === mostTogether) break;
  }
  return chosen;
}
