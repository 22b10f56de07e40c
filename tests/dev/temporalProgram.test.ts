import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Mishap } from '../../dev/mishap.ts';
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

it('names the ways out where the program is neither here nor to be had', async () => {
  const folder = testFolder();
  vi.stubEnv('PATH', join(folder, 'bin'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  onTestFinished(() => void vi.unstubAllEnvs());
  // The download is led to a proxy of this test's, which hangs up.
  let asked = 0;
  const proxy = createServer((socket) => {
    asked++;
    socket.destroy();
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void proxy.close());
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']) {
    const value = name === 'NO_PROXY' ? '' : address;
    for (const spelt of [name, name.toLowerCase()]) vi.stubEnv(spelt, value);
  }
  const said: string[] = [];
  const looking = findTemporal((line) => said.push(line));
  await expect(looking).rejects.toThrow(Mishap);
  await expect(looking).rejects.toThrow(/Temporal CLI.*Python 3 with pip.*Go.*TEMPORAL_ADDRESS/);
  expect(said).toEqual(['Temporal: trying the official download']);
  expect(asked).toBeGreaterThan(0);
  expect(readdirSync(cacheFolder())).toEqual([]);
});
