import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { cacheFolder, findTemporal } from '../../dev/temporalProgram.ts';
import { testFolder } from './folders.ts';

const help = '--dynamic-config-value --search-attribute --sqlite-pragma --db-filename --ui-port';

function program(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${text}'\n`);
  chmodSync(path, 0o755);
  return path;
}

function onlyIn(folder: string): void {
  vi.stubEnv('PATH', `${join(folder, 'bin')}:/usr/bin:/bin`);
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  onTestFinished(() => void vi.unstubAllEnvs());
}

it('takes the program on PATH before the one fetched earlier', async () => {
  const folder = testFolder();
  onlyIn(folder);
  program(join(cacheFolder(), 'temporal-server'), help);
  const own = program(join(folder, 'bin', 'temporal'), help);
  expect(await findTemporal(() => {})).toBe(own);
});

it('passes over a program that lacks what is asked of it, and says so', async () => {
  const folder = testFolder();
  onlyIn(folder);
  const old = program(join(folder, 'bin', 'temporal'), '--db-filename');
  const fetched = program(join(cacheFolder(), 'temporal-server'), help);
  const said: string[] = [];
  expect(await findTemporal((line) => said.push(line))).toBe(fetched);
  expect(said).toEqual([expect.stringContaining(old)]);
});
