import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { attempt } from '../../dev/attempt.ts';
import { isAlive } from '../../dev/processes.ts';
import { testFolder } from './folders.ts';

const quiet = { limitMs: 10_000, progress: () => {} };

it('tells whether a program ended well, and its last words', async () => {
  expect(await attempt({ ...quiet, program: 'sh', args: ['-c', 'echo first; echo last'] })).toEqual({
    ok: true,
    said: 'last',
  });
  expect(await attempt({ ...quiet, program: 'sh', args: ['-c', 'echo sorry >&2; exit 3'] })).toEqual({
    ok: false,
    said: 'sorry',
  });
  expect(await attempt({ ...quiet, program: '/no/such/program', args: [] })).toMatchObject({ ok: false });
});

it('kills a program that hangs, with all that it started', async () => {
  const file = join(testFolder(), 'pid');
  const script = `sleep 60 & echo $! > ${file}; wait`;
  const started = () => existsSync(file) && readFileSync(file, 'utf8') !== '';
  const { ok } = await attempt({
    ...quiet,
    limitMs: 60_000,
    program: 'sh',
    args: ['-c', script],
    giveUpAfter: started,
  });
  expect(ok).toBe(false);
  await expect.poll(() => isAlive(Number(readFileSync(file, 'utf8')))).toBe(false);
});

it('says when the time is over', async () => {
  const { said } = await attempt({ ...quiet, limitMs: 300, program: 'sleep', args: ['60'] });
  expect(said).toBe('it took more than 0.3 s');
});
