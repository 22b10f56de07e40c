import { inTheChair, receptionistsBrowser } from '../bookings.ts';
import { ask, expectStatus } from '../browser.ts';
import { atOnce, type Figure, inTurn, rounds, type Spread, timed, until } from '../figure.ts';
import { preparePeer } from '../peers/prepare.ts';
import { startApi, startPeerServer, startWorkerWithPeer } from '../processes.ts';

const aRound = 192;
const width = 32;

export const open: Figure = {
  name: 'open',
  what: `departures by HTTP, ${width} at once, until the workflow of each guards its departure task`,
  unit: 'departures a second',
  better: 'higher',
  target: 'ours/peer ≥ 0.9',
  async measure(ground) {
    const book = await ground.openBook();
    const [api, worker, peer] = await Promise.all([
      startApi(ground, book),
      startWorkerWithPeer(ground, book),
      startPeerServer(ground, book),
    ]);
    await preparePeer(book, worker);
    const patients = await inTheChair(book, (rounds + 1) * aRound);
    const browser = await receptionistsBrowser(api.url, book);
    let next = 0;

    async function ours(): Promise<Spread> {
      const leaving = patients.slice(next, next + aRound);
      next += aRound;
      return rateOf(async () => {
        await atOnce(leaving, width, async ({ appointmentId, plannedId }) => {
          const form = {
            [`book.${plannedId}`]: 'on',
            [`description.${plannedId}`]: 'Filling',
            [`provider.${plannedId}`]: practiceProvider(plannedId),
          };
          expectStatus(await browser.post(`/book/appointments/${appointmentId}/departure`, form), 303);
        });
        await until(async () => {
          const [row] =
            await book.sql`select count(*) filter (where guarded_at is not null) as guarded, count(*) as opened from departure_tasks`;
          if (Number(row!.opened) !== next) throw new Error(`${row!.opened} tasks instead of ${next}`);
          return Number(row!.guarded) === next;
        });
      });
    }

    const providers = new Map(
      (
        await book.sql<{ id: string; provider: string }[]>`select id, provider_id as provider from planned_appointments`
      ).map(({ id, provider }) => [id, provider]),
    );
    const practiceProvider = (plannedId: string) => providers.get(plannedId)!;

    let runs = 0;
    async function startItself(): Promise<Spread> {
      const run = `open-${runs++}`;
      const body = JSON.stringify({ run });
      return rateOf(async () => {
        await atOnce(Array.from({ length: aRound }), width, async () =>
          expectStatus(await ask('POST', `${peer.url}/start`, { 'content-type': 'application/json' }, body), 204),
        );
        await until(async () => {
          const [row] = await book.sql`select count(*) as written from peer_rows where run = ${run} and step = 'first'`;
          return Number(row!.written) === aRound;
        });
      });
    }

    await ours();
    await startItself();
    const measured = await inTurn(ours, startItself);
    const ratio = measured.ours.p50 / measured.peer.p50;
    return {
      ours: measured.ours,
      peer: { name: 'route that starts a workflow of one activity', ...measured.peer },
      ratio,
      pass: ratio >= 0.9,
    };
  },
};

async function rateOf(work: () => Promise<void>): Promise<Spread> {
  const rate = aRound / ((await timed(work)) / 1000);
  return { p50: rate, p95: rate };
}
