import { once } from 'node:events';
import { patientsWhoHold } from '../confirmations.ts';
import { type Figure, inTurn, type Spread, spreadOf } from '../figure.ts';
import { startWorker } from '../processes.ts';

const aRound = 500;

export const recovery: Figure = {
  name: 'recovery',
  what: `${aRound} confirmations that came while the worker was killed: from its restart until all are booked`,
  unit: 'ms',
  better: 'lower',
  target: 'ours/peer ≤ 1.5',
  async measure(ground) {
    const book = await ground.openBook();
    const count = ground.sized(aRound);
    let worker = await startWorker(ground, book);
    let opened = 0;
    const starting: number[] = [];

    const holding = async () => {
      const patients = await patientsWhoHold(book, count, opened);
      opened += count;
      return patients;
    };

    async function afterKill(): Promise<Spread> {
      const { confirmAll, allBooked, atRest } = await holding();
      const gone = once(worker.process, 'exit');
      process.kill(worker.pid, 'SIGKILL');
      await gone;
      await confirmAll();
      const began = performance.now();
      worker = await startWorker(ground, book);
      starting.push(performance.now() - began);
      await allBooked();
      const took = performance.now() - began;
      await atRest();
      return { p50: took, p95: took };
    }

    async function withoutKill(): Promise<Spread> {
      const { confirmAll, allBooked, atRest } = await holding();
      await confirmAll();
      const began = performance.now();
      await allBooked();
      const took = performance.now() - began;
      await atRest();
      return { p50: took, p95: took };
    }

    await afterKill();
    await withoutKill();
    starting.length = 0;
    const { ours, peer } = await inTurn(afterKill, withoutKill);
    const ratio = ours.p50 / peer.p50;
    return {
      ours,
      peer: { name: 'the same worker, not killed: from the commit of all', ...peer },
      ratio,
      pass: ratio <= 1.5,
      notes: [`of that the worker’s start, until it says that it is ready: ${Math.round(spreadOf(starting).p50)} ms`],
    };
  },
};
