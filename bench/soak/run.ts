import { Client, Connection } from '@temporalio/client';
import { hangUp } from '../browser.ts';
import { endOnce } from '../ending.ts';
import { openGround } from '../ground.ts';
import { startApi, startWorker } from '../processes.ts';
import { machine } from '../table.ts';
import { startFailingCarriers } from './carriers.ts';
import { atRest, verdictsOf } from './verdict.ts';
import { heads, type Minute, startWatch } from './watch.ts';
import { playWeek } from './week.ts';

/** `npm run soak`: so many minutes of a practice at work, with carriers that fail, then whether all is as it should be. */
const asked = Number(process.argv[2] ?? 20);
if (!(asked > 0)) {
  console.error('npm run soak -- MINUTES, such as npm run soak -- 5');
  process.exit(2);
}
const everyMs = 1_000;
const past = 16_000;

const say = (line: string) => console.error(line);
const ground = openGround(say);
const { end, fail } = endOnce(async () => {
  hangUp();
  await (await ground).clearAway();
});

try {
  await end((await soak()) ? 0 : 1);
} catch (error) {
  await fail(error);
}

/** @returns whether everything holds */
async function soak(): Promise<boolean> {
  const opened = await ground;
  const carriers = await startFailingCarriers();
  opened.atEnd(carriers.stop);
  const book = await opened.openBook(past);
  const [api, worker] = await Promise.all([
    startApi(opened, book, carriers.env),
    startWorker(opened, book, carriers.env),
  ]);
  const connection = await Connection.connect({ address: opened.temporalAddress });
  opened.atEnd(() => connection.close());
  const week = await playWeek(api.url, book, Math.ceil((asked * 60_000) / everyMs) + 1);
  const look = startWatch(book, new Client({ connection }), { api, worker }, carriers, week);

  const minutes: Minute[] = [];
  console.log(row(heads));
  const until = Date.now() + asked * 60_000;
  let lookAt = Date.now() + 60_000;
  while (Date.now() < until) {
    week.next();
    await Promise.all([week.lookAround(), new Promise((resolve) => setTimeout(resolve, everyMs))]);
    if (Date.now() < lookAt) continue;
    lookAt += 60_000;
    minutes.push(await look());
    console.log(row(heads.map((head) => String(minutes.at(-1)![head]))));
  }
  await week.ended();
  say('No more departures; waiting until all work is done');
  const inconsistencies = await atRest(book);
  const verdicts = await verdictsOf(book, minutes, week, carriers, inconsistencies);
  const { departures, links, confirmed, answered, atDesk, postponed } = week;
  console.log(`\n${machine()}`);
  console.log(
    `${asked} minutes: ${departures} departures, ${links} links, ${confirmed.size} confirmed, ${answered} answered otherwise, ${atDesk} at the desk, ${postponed} postponed; ${carriers.failures()} calls of carriers failed\n`,
  );
  for (const { what, found, holds } of verdicts) console.log(`${holds ? 'holds ' : 'BROKEN'}  ${what}: ${found}`);
  for (const fault of week.faults.slice(0, 10)) console.log(`  ${fault}`);
  return verdicts.every(({ holds }) => holds);
}

function row(cells: string[]): string {
  return cells.map((cell) => cell.padStart(10)).join(' ');
}
