import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { atOnce, type Figure, inTurn, type Spread, spreadOf, until } from '../figure.ts';
import { allWait, openBookings } from '../openBookings.ts';
import { preparePeer } from '../peers/prepare.ts';
import { startWorkerWithPeer } from '../processes.ts';

const aRound = 2_000;
/** Setting up a round must be over before its instant; the first one is given plenty. */
const firstLeadMs = 90_000;

export const timerBurst: Figure = {
  name: 'timer-burst',
  what: `${aRound.toLocaleString('en')} reminders due at one instant, until all are in the ledger`,
  unit: 'messages a second',
  better: 'higher',
  target: 'ours/peer ≥ 0.8',
  async measure(ground) {
    const book = await ground.openBook();
    const { sql } = book;
    const worker = await startWorkerWithPeer(ground, book);
    const taskQueue = await preparePeer(book, worker);
    const connection = await Connection.connect({ address: ground.temporalAddress });
    ground.atEnd(() => connection.close());
    const client = new Client({ connection });
    const count = ground.sized(aRound);
    const delivered: number[] = [];
    let opened = 0;
    let runs = 0;

    async function ours(): Promise<Spread> {
      const rate = await burst('ours', async (instant) => {
        await openBookings(book, { count, after: opened, remindAt: new Date(instant) });
        opened += count;
        await allWait(book, 300);
        const before = opened - count;
        return async () => {
          const [row] = await sql`select count(*)::int as written from messages where kind = 'reminder'`;
          return row!.written - before;
        };
      });
      const began = performance.now();
      await until(
        async () => {
          const [row] =
            await sql`select exists (select from messages where kind = 'reminder' and sent_at is null) as waits`;
          return !row!.waits;
        },
        { seconds: 300, everyMs: 50 },
      );
      delivered.push(count / (count / rate + (performance.now() - began) / 1000));
      return { p50: rate, p95: rate };
    }

    async function bareTimers(): Promise<Spread> {
      const rate = await burst('peer', async (instant) => {
        const run = `timers-${runs++}`;
        const rows = async (step: string) => {
          const [row] = await sql`select count(*)::int as written from peer_rows where run = ${run} and step = ${step}`;
          return row!.written as number;
        };
        await atOnce(Array.from({ length: count }), 32, (_, i) =>
          client.workflow.start('atItsTime', {
            taskQueue,
            workflowId: `${taskQueue}-${run}-${i}`,
            args: [run, instant],
          }),
        );
        await until(async () => (await rows('waiting')) === count, { seconds: 300, everyMs: 50 });
        return () => rows('first');
      });
      return { p50: rate, p95: rate };
    }

    const leads = {
      ours: 30_000 + ground.sized(firstLeadMs - 30_000),
      peer: 30_000 + ground.sized(firstLeadMs - 30_000),
    };

    /** @param prepare lets them wait for the instant. @returns how many have had their turn */
    async function burst(side: 'ours' | 'peer', prepare: (instant: number) => Promise<() => Promise<number>>) {
      const began = Date.now();
      const instant = began + leads[side];
      const done = await prepare(instant);
      const left = instant - Date.now();
      if (left < 500) throw new Error(`${count} timers were not set in ${Math.round((Date.now() - began) / 1000)} s`);
      leads[side] = Math.min(firstLeadMs, 1.5 * (Date.now() - began) + 3_000);
      await pause(left);
      await until(async () => (await done()) === count, { seconds: 300, everyMs: 20 });
      return count / ((Date.now() - instant) / 1000);
    }

    await ours();
    await bareTimers();
    delivered.length = 0;
    const measured = await inTurn(ours, bareTimers);
    const ratio = measured.ours.p50 / measured.peer.p50;
    return {
      ours: measured.ours,
      peer: { name: 'bare timers, one activity each', ...measured.peer },
      ratio,
      pass: ratio >= 0.8,
      notes: [
        `until all have left with their carrier: ${Math.round(spreadOf(delivered).p50)} a second; the worker keeps 300 workflows in memory and replays the others`,
      ],
    };
  },
};
