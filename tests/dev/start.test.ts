import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../dev/ports.ts';
import { isAlive } from '../../dev/processes.ts';
import { childrenOf, run } from './commands.ts';
import { testFolder } from './folders.ts';

const isUp = 'Ctrl-C stops everything';
const allGone = (pids: number[]) => expect.poll(() => pids.filter(isAlive)).toEqual([]);

const temporalIn = (data: string): number => JSON.parse(readFileSync(join(data, 'temporal/server.json'), 'utf8')).pid;

describe('npm start', () => {
  it('brings everything up and keeps it up, goes on after everything was killed, from the Chart to the report, and ends in five seconds without an orphan', async () => {
    const data = testFolder();
    const port = await freePort();
    const env = { PORT: String(port) };
    const first = run('start', data, { env });
    await first.says(isUp);
    expect(first.output()).toContain('The demo practice is set up');
    expect(first.output()).toMatch(/Sign in as receptionist +\S+@\S+/);
    expect((await fetch(`http://localhost:${port}/`)).status).toBe(200);

    const another = run('start', data, { env });
    expect(await another.end()).toBe(1);
    expect(another.output().trim()).toMatch(/^Nextvisit runs in this folder already.*$/);
    const reset = run('reset', data, { args: ['--yes'] });
    expect(await reset.end()).toBe(1);
    expect(reset.output()).toContain('Nextvisit runs in this folder already');

    process.kill(temporalIn(data), 'SIGKILL');
    await first.says('Temporal is back');

    const children = childrenOf(first.process.pid!);
    const engines = [
      Number(readFileSync(join(data, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]),
      temporalIn(data),
    ];
    for (const pid of [first.process.pid!, ...engines]) process.kill(pid, 'SIGKILL');
    await allGone(children);

    const second = run('start', data, { env });
    await second.says(isUp);
    expect(second.output()).not.toContain('The demo practice is set up');
    for (const [command, verdict] of [
      ['walkthrough', 'All agree.'],
      ['checkBook', 'The book is consistent.'],
    ] as const) {
      const after = run(command, data, { env });
      expect([await after.end(), after.output()]).toEqual([0, expect.stringContaining(verdict)]);
    }
    const successors = childrenOf(second.process.pid!);
    const began = Date.now();
    second.process.kill('SIGINT');
    expect(await second.end()).toBe(0);
    expect(Date.now() - began).toBeLessThan(5_000);
    await allGone(successors);
    expect(existsSync(join(data, 'start.lock'))).toBe(false);
  });

  it('has one sentence for a port that is busy', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void stranger.close());
    await expect.poll(() => stranger.listening).toBe(true);
    const { port } = stranger.address() as { port: number };
    const start = run('start', testFolder(), { env: { PORT: String(port) } });
    expect(await start.end()).toBe(1);
    expect(start.output().trim()).toBe(
      `Port ${port} is in use by another program: stop that one, or take another port, such as PORT=${port + 1} npm start`,
    );
  });

  it('has one sentence for each setting that is wrong', async () => {
    const start = run('start', testFolder(), {
      env: { PORT: 'web', RESEND_FROM: 'book@practice.example', LOG_LEVEL: 'loud' },
    });
    expect(await start.end()).toBe(1);
    expect(
      start
        .output()
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['LOG_LEVEL', 'PORT']);
  });

  it('has one sentence for data that is damaged', async () => {
    const data = testFolder();
    mkdirSync(join(data, 'postgres', 'data'), { recursive: true });
    const start = run('start', data, { env: { PORT: String(await freePort()) } });
    expect(await start.end()).toBe(1);
    expect(start.output()).toMatch(/is damaged: .*"npm run reset" begins afresh\.\n/);
    expect(start.output()).not.toMatch(/^ +at /m);
  });
});

describe('npm run reset', () => {
  it('empties the folder when told so, and asks for the word when nobody can answer', async () => {
    const data = testFolder();
    writeFileSync(join(data, 'secrets.json'), '{}');
    const unsure = run('reset', data);
    expect(await unsure.end()).toBe(1);
    expect(unsure.output()).toContain('npm run reset -- --yes');
    expect(readdirSync(data)).toEqual(['secrets.json']);
    const sure = run('reset', data, { args: ['--yes'] });
    expect(await sure.end()).toBe(0);
    expect(readdirSync(data)).toEqual([]);
  });
});
