import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import postgres from 'postgres';
import { createPeerActivities } from './activities.ts';
import { peerQueue } from './contract.ts';

/** The product's worker process; when it is ready and asked to, the bare workflow's worker runs beside it. */
const { DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_TASK_QUEUE } = process.env;

process.on('message', async (message) => {
  if (message !== 'peer') return;
  const connection = await NativeConnection.connect({ address: TEMPORAL_ADDRESS });
  const worker = await Worker.create({
    connection,
    taskQueue: peerQueue(TEMPORAL_TASK_QUEUE!),
    workflowsPath: fileURLToPath(new URL('workflows.js', import.meta.url)),
    activities: createPeerActivities(postgres(DATABASE_URL!, { max: 10, onnotice: () => {} })),
    shutdownGraceTime: '1 second',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => worker.shutdown());
  void worker.run();
  process.send!({ peer: true });
});
await import('../../worker/worker.ts');
