import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { allDelivered, linksSent, receptionistsBrowser } from '../bookings.ts';
import { type Figure, rounds, spreadOf } from '../figure.ts';
import { type Running, startApi, startWorker } from '../processes.ts';
import { readDay } from './dayPage.ts';

const openBookings = 1_000;

export const memory: Figure = {
  name: 'memory',
  what: `resident memory of api and worker together, ${openBookings.toLocaleString('en')} bookings open, the api having shown pages`,
  unit: 'MB',
  better: 'lower',
  target: 'ours ≤ 450 MB',
  async measure(ground) {
    const book = await ground.openBook();
    const [api, worker] = await Promise.all([startApi(ground, book), startWorker(ground, book)]);
    await pause(3_000);
    const idle = await sampled(api, worker);
    await linksSent(book, openBookings);
    await allDelivered(book, 240);
    const browser = await receptionistsBrowser(api.url, book);
    for (let i = 0; i < 100; i++) await readDay(browser, `/book?day=${book.practice.workingDays[2]}`);
    const open = await sampled(api, worker);
    const [ours, peer] = [open.both, idle.both];
    return {
      ours,
      peer: { name: 'the same two, none open', ...peer },
      ratio: ours.p50 / peer.p50,
      pass: ours.p50 <= 450,
      notes: [`api ${Math.round(open.api)} MB, worker ${Math.round(open.worker)} MB`],
    };
  },
};

/** Megabytes, over some seconds. */
async function sampled(api: Running, worker: Running) {
  const samples: { api: number; worker: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    await pause(1_000);
    samples.push({ api: residentMegabytes(api.pid), worker: residentMegabytes(worker.pid) });
  }
  const last = samples.at(-1)!;
  return { ...last, both: spreadOf(samples.map((sample) => sample.api + sample.worker)) };
}

const residentMegabytes = (pid: number) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
