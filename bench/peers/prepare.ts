import type { Book } from '../ground.ts';
import type { Running } from '../processes.ts';
import { peerIndex, peerQueue, peerTable } from './contract.ts';

/** Makes the peers' table, and lets the bare workflow's worker begin. @returns its task queue */
export async function preparePeer({ sql, url }: Book, worker: Running): Promise<string> {
  await sql.unsafe(peerTable);
  await sql.unsafe(peerIndex);
  const ready = new Promise<void>((resolve, reject) => {
    worker.process.on('message', (message) => (message as { peer?: true }).peer && resolve());
    worker.process.once('exit', () => reject(new Error('the worker ended')));
  });
  worker.process.send('peer');
  await ready;
  return peerQueue(new URL(url).pathname.slice(1));
}
