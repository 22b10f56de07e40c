import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../dev/ports.ts';
import { isAlive } from '../../dev/processes.ts';
import { startTemporal } from '../../dev/temporal.ts';
import { testFolder } from './folders.ts';

const said: string[] = [];

async function start(folder: string) {
  const server = await startTemporal({ folder, say: (line) => said.push(line), ui: true });
  onTestFinished(() => server.stop());
  return server;
}

async function ask<T>(address: string, question: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await question(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const begin = (address: string) =>
  ask(address, (client) => client.workflow.start('booking', { taskQueue: 'nobody', workflowId: 'booking-1' }));
const stateOf = (address: string) =>
  ask(address, (client) => client.workflow.getHandle('booking-1').describe()).then(({ status }) => status.name);

describe('the local Temporal server', () => {
  it('keeps open workflows and its addresses when it is stopped and when it is killed', async () => {
    const folder = testFolder();
    // The usual port is wished by every service that other tests start meanwhile.
    writeFileSync(join(folder, 'server.json'), JSON.stringify({ port: await freePort(), uiPort: await freePort() }));
    const first = await start(folder);
    await begin(first.address);
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start(folder);
    expect(second).toMatchObject({ address: first.address, uiUrl: first.uiUrl });
    expect(await stateOf(second.address)).toBe('RUNNING');
    process.kill(second.pid, 'SIGKILL');
    await second.ended;
    const third = await start(folder);
    expect(await stateOf(third.address)).toBe('RUNNING');
    expect((await fetch(third.uiUrl!)).status).toBe(200);
  });

  it('knows the attributes by which bookings are listed', async () => {
    const { address } = await start(testFolder());
    const { customAttributes } = await ask(address, (client) =>
      client.connection.operatorService.listSearchAttributes({ namespace: 'default' }),
    );
    expect(Object.keys(customAttributes ?? {})).toEqual(
      expect.arrayContaining(['PracticeId', 'BookingStage', 'LinkExpiresAt']),
    );
  });

  it('stops the server that a killed start left behind', async () => {
    const folder = testFolder();
    const first = await start(folder);
    await begin(first.address);
    const second = await start(folder);
    expect(isAlive(first.pid)).toBe(false);
    expect(await stateOf(second.address)).toBe('RUNNING');
    expect(said).toContain('Temporal of an earlier start is still running; stopping it first');
  });

  it('sets state aside that cannot be read, and says so', async () => {
    const folder = testFolder();
    const first = await start(folder);
    await first.stop();
    for (const end of ['-wal', '-shm']) rmSync(join(folder, `state.sqlite${end}`), { force: true });
    writeFileSync(join(folder, 'state.sqlite'), 'no database at all, but long enough to look like one'.repeat(100));
    await start(folder);
    expect(existsSync(join(folder, 'state.sqlite.unreadable'))).toBe(true);
    expect(said.some((line) => line.includes('set aside'))).toBe(true);
  });
});
