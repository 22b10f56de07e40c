import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, it } from 'vitest';
import { workflowIdOf } from '../../../domain/contract.ts';
import { comingFrom } from '../../../domain/origin.ts';
import { CarrierError } from '../../../gateways/carrier.ts';
import { demoCarrier } from '../../../gateways/demoInbox.ts';
import { buildPractice } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { startTestWorker, type TestWorker } from '../../engines/worker.ts';
import { historiesFolder } from './histories.ts';
import { stagesOn } from './stages.ts';

/** `npm run histories`: plays a booking of each stage with today's code, and keeps their histories as the next generation. */
let db: FreshDatabase;
let worker: TestWorker;
let failures = 0;

beforeAll(async () => {
  db = await freshDatabase();
  const inbox = demoCarrier(db.sql, 'sms');
  const failing = () => Promise.reject(new CarrierError('temporary', 'carrier_fault', 503, 50));
  const sms = { send: (letter: Parameters<typeof inbox.send>[0]) => (failures-- > 0 ? failing() : inbox.send(letter)) };
  worker = await startTestWorker(db, { carriers: { sms, email: demoCarrier(db.sql, 'email') } });
});

afterAll(async () => {
  await worker?.stop();
  await db?.drop();
});

it('keeps a history of each stage', { timeout: 180_000 }, async () => {
  const built = await buildPractice(db);
  const failTexts = (times: number) => {
    failures = times;
  };
  const generation = join(historiesFolder, String((await readdir(historiesFolder).catch(() => [])).length + 1));
  for (const [stage, play] of Object.entries(stagesOn({ db, built, worker, failTexts }))) {
    const keep = async (bookingId: string) => {
      // What is on its way to the workflow arrives, and is worked off.
      await pause(500);
      const history = await worker.client.workflow.getHandle(workflowIdOf(bookingId)).fetchHistory();
      if (!existsSync(generation)) await mkdir(generation, { recursive: true });
      await writeFile(join(generation, `${stage}.json`), `${impersonal(historyToJSON(history))}\n`);
    };
    await comingFrom({ requestId: 'recorded', traceParent: null }, () => play(keep));
  }
});

/** Without the machine that it was recorded on: names of processes and the places of faults in the code. */
function impersonal(history: string): string {
  const plain = JSON.parse(history, (name, value) => {
    if (name === 'identity') return 'worker';
    if (name === 'stackTrace') return undefined;
    return name === 'name' && /@/.test(value) ? 'sticky' : value;
  });
  return JSON.stringify(plain);
}
