import { once } from 'node:events';
import { patientsWhoHold } from '../confirmations.ts';
import { type Figure, inTurn, type Spread, spreadOf } from '../figure.ts';
import { startWorker } from '../processes.ts';
import { cpuMs, cpuMsOfAll } from '../processor.ts';

const aRound = 300;
const several = 3;

export const workers: Figure = {
  name: 'workers',
  what: `${aRound} confirmations at one instant, until all are booked, by ${several} workers and by one`,
  unit: 'bookings a second',
  better: 'higher',
  target: 'none: cores bound it; each worker takes a fair share',
  async measure(ground) {
    const book = await ground.openBook();
    const count = ground.sized(aRound);
    let opened = 0;
    /** Of the busiest worker's processor time, what the idlest used. */
    const fair: number[] = [];
    const use = { one: new Map<string, number>(), several: new Map<string, number>() };
    const running = [await startWorker(ground, book)];

    async function rateOf(side: 'one' | 'several', wanted: number): Promise<Spread> {
      while (running.length < wanted) running.push(await startWorker(ground, book));
      const leaving = running.splice(wanted);
      for (const { process: child } of leaving) child.kill('SIGTERM');
      await Promise.all(leaving.map(({ process: child }) => child.exitCode ?? once(child, 'exit')));
      const patients = await patientsWhoHold(book, count, opened);
      opened += count;
      await patients.confirmAll();
      const before = usedMs();
      const each = running.map(({ pid }) => cpuMs(pid));
      const began = performance.now();
      await patients.allBooked();
      const ms = performance.now() - began;
      for (const [who, used] of usedMs()) use[side].set(who, (100 * (used - before.get(who)!)) / ms);
      const worked = running.map(({ pid }, i) => cpuMs(pid) - each[i]!);
      if (side === 'several') fair.push(Math.min(...worked) / Math.max(...worked));
      await patients.atRest();
      const rate = count / (ms / 1000);
      return { p50: rate, p95: rate };
    }

    function usedMs(): Map<string, number> {
      if (process.platform !== 'linux') return new Map();
      return new Map([
        ['workers', running.reduce((sum, { pid }) => sum + cpuMs(pid), 0)],
        ['Temporal', cpuMs(ground.pids.temporal)],
        ['PostgreSQL', cpuMsOfAll(ground.pids.postgres)],
      ]);
    }

    await rateOf('one', 1);
    await rateOf('several', several);
    const { ours, peer } = await inTurn(
      () => rateOf('several', several),
      () => rateOf('one', 1),
    );
    const ratio = ours.p50 / peer.p50;
    const fairness = spreadOf(fair).p50;
    const shares = (side: Map<string, number>) =>
      [...side].map(([who, share]) => `${who} ${Math.round(share)}`).join(', ');
    return {
      ours,
      peer: { name: 'one worker', ...peer },
      ratio,
      pass: fairness >= 0.5,
      notes: [
        `the idlest of ${several} workers did ${Math.round(100 * fairness)} % of what the busiest did`,
        `% of a core in the last round, with one worker: ${shares(use.one)}; with ${several}: ${shares(use.several)}`,
      ],
    };
  },
};
