import { receptionistsBrowser } from '../bookings.ts';
import { ask, type Browser, expectStatus } from '../browser.ts';
import { atOnce, type Figure, inTurn, type Spread, timed } from '../figure.ts';
import { aDay } from '../practice.ts';
import { startApi, startPeerServer } from '../processes.ts';

const width = 8;

export const dayPage: Figure = {
  name: 'day-page',
  what: `the book’s page for a day of ${aDay} appointments, signed in, ${width} at once`,
  unit: 'pages a second',
  better: 'higher',
  target: 'ours/peer ≥ 0.15',
  async measure(ground) {
    const book = await ground.openBook();
    const [api, peer] = await Promise.all([startApi(ground, book), startPeerServer(ground, book)]);
    const browser = await receptionistsBrowser(api.url, book);
    const path = `/book?day=${book.practice.workingDays[2]}`;
    const page = (await readDay(browser, path)).body;
    expectStatus(
      await ask('POST', `${peer.url}/page`, { 'content-type': 'application/json' }, JSON.stringify({ page })),
      204,
    );
    const fromMemory = async () => {
      if ((await ask('GET', `${peer.url}/page`)).body.length !== page.length) throw new Error('not the same bytes');
    };
    const ours = () => rateOf(400, () => readDay(browser, path));
    const peers = () => rateOf(2_000, fromMemory);
    await ours();
    await peers();
    const measured = await inTurn(ours, peers);
    const ratio = measured.ours.p50 / measured.peer.p50;
    return {
      ours: measured.ours,
      peer: { name: 'the same bytes from memory by Fastify', ...measured.peer },
      ratio,
      pass: ratio >= 0.15,
      notes: [`the page has ${Math.round(Buffer.byteLength(page) / 1000)} kB`],
    };
  },
};

export async function readDay(browser: Browser, path: string) {
  const answer = expectStatus(await browser.get(path), 200);
  const shown = answer.body.match(/id="entry-/g)?.length ?? 0;
  if (shown < aDay) throw new Error(`the day shows ${shown} appointments`);
  return answer;
}

async function rateOf(count: number, work: () => Promise<unknown>): Promise<Spread> {
  const rate = count / ((await timed(() => atOnce(Array.from({ length: count }), width, work))) / 1000);
  return { p50: rate, p95: rate };
}
