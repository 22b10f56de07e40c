import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { PeerActivities } from './activities.ts';

const { insertRow } = proxyActivities<PeerActivities>({ startToCloseTimeout: '15 seconds' });

export const go = defineSignal('go');

/** A bare workflow: one signal, then two ordinary activities. */
export async function signalThenTwo(run: string): Promise<void> {
  let told = false;
  setHandler(go, () => {
    told = true;
  });
  await condition(() => told);
  await insertRow(run, 'first');
  await insertRow(run, 'second');
}

/** A bare workflow of one ordinary activity. */
export async function one(run: string): Promise<void> {
  await insertRow(run, 'first');
}

/** A bare timer, then one ordinary activity; a row says when it waits. */
export async function atItsTime(run: string, instant: number): Promise<void> {
  await insertRow(run, 'waiting');
  await sleep(instant - Date.now());
  await insertRow(run, 'first');
}
