import { Client, Connection } from '@temporalio/client';
import { allDelivered, holdTime, linksSent, patientsBrowser } from '../bookings.ts';
import { ask, expectStatus } from '../browser.ts';
import { type Figure, inTurn, rounds, type Spread, spreadOf, timed, until } from '../figure.ts';
import type { Book, Ground } from '../ground.ts';
import { preparePeer } from '../peers/prepare.ts';
import { startApi, startPeerServer, startWorkerWithPeer } from '../processes.ts';

const aRound = 20;

/** One patient after another confirms, each at rest; each time until the answer, and until everything is there. */
async function playPatients(ground: Ground) {
  const book = await ground.openBook();
  const [api, worker, peer] = await Promise.all([
    startApi(ground, book),
    startWorkerWithPeer(ground, book),
    startPeerServer(ground, book),
  ]);
  const peerQueue = await preparePeer(book, worker);
  const connection = await Connection.connect({ address: ground.temporalAddress });
  ground.atEnd(() => connection.close());
  const client = new Client({ connection });
  const patients = await linksSent(book, (rounds + 1) * aRound);
  for (const [i, patient] of patients.entries()) await holdTime(book, patient, i);
  await allDelivered(book);
  const browser = await patientsBrowser(api.url, patients[0]!.token);
  let next = 0;
  const acks: Spread[] = [];

  async function ours(): Promise<Spread> {
    const [ack, done]: [number[], number[]] = [[], []];
    for (let i = 0; i < aRound; i++, next++) {
      const patient = patients[next]!;
      const began = performance.now();
      ack.push(await timed(() => browser.confirm(patient, next)));
      await until(() => isDone(book, patient.bookingId));
      done.push(performance.now() - began);
      await atRest(async () => {
        const [booking] = await book.sql`select settled_at from bookings where id = ${patient.bookingId}`;
        return booking!.settled_at !== null;
      });
    }
    acks.push(spreadOf(ack));
    return spreadOf(done);
  }

  async function bareWorkflow(): Promise<Spread> {
    const samples: number[] = [];
    for (let i = 0; i < aRound; i++) {
      const run = `peer-${ground.folder}-${book.url.at(-1)}-${next}-${i}-${Math.random()}`;
      const handle = await client.workflow.start('signalThenTwo', {
        taskQueue: peerQueue,
        workflowId: run,
        args: [run],
      });
      await atRest();
      const began = performance.now();
      await handle.signal('go');
      await until(async () => (await book.sql`select from peer_rows where run = ${run}`).length === 2);
      samples.push(performance.now() - began);
    }
    return spreadOf(samples);
  }

  const insert = async (): Promise<Spread> => {
    const samples: number[] = [];
    for (let i = 0; i < aRound; i++) {
      await atRest();
      samples.push(await timed(async () => expectStatus(await ask('POST', `${peer.url}/insert`), 204)));
    }
    return spreadOf(samples);
  };

  await ours();
  await bareWorkflow();
  await insert();
  acks.length = 0;
  return { ours, bareWorkflow, insert, acks };
}

/** Each side begins when what came before has come to rest, as between two patients: a workflow has ended, or waits for its signal. */
async function atRest(ended?: () => Promise<boolean>): Promise<void> {
  if (ended) await until(ended);
  await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The appointment, off Follow Up, counted, and each confirmation with its carrier. */
async function isDone({ sql }: Book, bookingId: string): Promise<boolean> {
  const [row] = await sql`
    select (select count(*) from messages where booking_id = ${bookingId} and kind = 'confirmation' and sent_at is not null)
        = (select count(*) from messages where booking_id = ${bookingId} and kind = 'link') as sent,
      not exists (select from follow_ups where booking_id = ${bookingId} and closed_at is null) as off,
      exists (select from book_entries e join usage_events u on u.appointment_id = e.id
        where e.booking_id = ${bookingId} and e.kind = 'appointment') as counted`;
  return row!.sent && row!.off && row!.counted;
}

export const bookToDone: Figure = {
  name: 'book-to-done',
  what: 'a patient’s confirmation by HTTP, until appointment, Follow Up, statistic and delivered confirmations (SMS and email) are there',
  unit: 'ms',
  better: 'lower',
  target: 'peer/ours ≥ 0.8',
  async measure(ground) {
    const play = await playPatients(ground);
    const { ours, peer } = await inTurn(play.ours, play.bareWorkflow);
    const ratio = peer.p50 / ours.p50;
    return { ours, peer: { name: 'bare workflow, signal and two activities', ...peer }, ratio, pass: ratio >= 0.8 };
  },
};

export const bookAck: Figure = {
  name: 'book-ack',
  what: 'a patient’s confirmation by HTTP, until it is answered',
  unit: 'ms',
  better: 'lower',
  target: 'ours/peer ≤ 2',
  async measure(ground) {
    const play = await playPatients(ground);
    const { peer } = await inTurn(play.ours, play.insert);
    const ours = {
      p50: spreadOf(play.acks.map(({ p50 }) => p50)).p50,
      p95: spreadOf(play.acks.map(({ p95 }) => p95)).p50,
    };
    const ratio = ours.p50 / peer.p50;
    return { ours, peer: { name: 'Fastify route, one committed insert', ...peer }, ratio, pass: ratio <= 2 };
  },
};
