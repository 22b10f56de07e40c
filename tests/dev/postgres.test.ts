import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPostgres } from '../../dev/postgres.ts';
import { isAlive } from '../../dev/processes.ts';
import { testFolder } from './folders.ts';

const said: string[] = [];

async function start(folder: string) {
  const server = await startPostgres({ folder, say: (line) => said.push(line) });
  onTestFinished(() => server.stop());
  return server;
}

async function ask(url: string, query: string): Promise<unknown> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql.unsafe(query);
    return row && Object.values(row)[0];
  } finally {
    await sql.end();
  }
}

describe('the embedded PostgreSQL', () => {
  it('keeps data, password and port from start to start', async () => {
    const folder = testFolder();
    const first = await start(folder);
    expect(await ask(first.url, 'show server_encoding')).toBe('UTF8');
    expect(await ask(first.url, 'show fsync')).toBe('on');
    await ask(first.url, "create table visits as select 'kept' as note");
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start(folder);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select note from visits')).toBe('kept');
  });

  it('has lost nothing that was committed when it was killed', async () => {
    const folder = testFolder();
    const first = await start(folder);
    await ask(first.url, "create table visits as select 'kept' as note");
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const second = await start(folder);
    expect(await ask(second.url, 'select note from visits')).toBe('kept');
  });

  it('stops the server that a killed start left behind', async () => {
    const folder = testFolder();
    const first = await start(folder);
    const second = await start(folder);
    expect(isAlive(first.pid)).toBe(false);
    expect(await ask(second.url, 'select 1')).toBe(1);
    expect(said).toContain('PostgreSQL of an earlier start is still running; stopping it first');
  });

  it('leaves a stranger alone who got the number of a server that is gone', async () => {
    const folder = testFolder();
    const first = await start(folder);
    const lock = join(folder, 'data', 'postmaster.pid');
    const lines = readFileSync(lock, 'utf8').split('\n');
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    writeFileSync(lock, [process.pid, ...lines.slice(1)].join('\n'));
    const second = await start(folder);
    expect(await ask(second.url, 'select 1')).toBe(1);
  });

  it('takes another port when somebody has taken its own', async () => {
    const folder = testFolder();
    const first = await start(folder);
    await first.stop();
    const port = Number(new URL(first.url).port);
    const stranger = createServer().listen(port, '127.0.0.1');
    onTestFinished(() => void stranger.close());
    const second = await start(folder);
    expect(new URL(second.url).port).not.toBe(String(port));
  });

  it('names the way out when the data is of another version, or damaged', async () => {
    const folder = testFolder();
    await (await start(folder)).stop();
    const version = join(folder, 'data', 'PG_VERSION');
    writeFileSync(version, '17\n');
    await expect(start(folder)).rejects.toThrow(/of PostgreSQL 17.*npm run reset/);
    writeFileSync(version, '18\n');
    writeFileSync(join(folder, 'data', 'global', 'pg_control'), 'nonsense');
    await expect(start(folder)).rejects.toThrow(/cannot be opened .*npm run reset/);
  });

  it('begins again when its very first start was interrupted', async () => {
    const folder = testFolder();
    mkdirSync(join(folder, 'data.new'));
    writeFileSync(join(folder, 'data.new', 'PG_VERSION'), '18\n');
    writeFileSync(join(folder, 'password'), 'of the interrupted start');
    const server = await start(folder);
    expect(await ask(server.url, 'select 1')).toBe(1);
    expect(existsSync(join(folder, 'data.new'))).toBe(false);
  });
});
