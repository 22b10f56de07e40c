import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dataFolder, projectFolder } from './dataFolder.ts';
import type { Running } from './keepRunning.ts';
import { openLog } from './logFile.ts';
import { Mishap } from './mishap.ts';
import { remember } from './offspring.ts';
import { endOf, endProcess } from './processes.ts';
import type { Say } from './say.ts';

export interface ChildOptions {
  name: string;
  /** From the project's folder. */
  file: string;
  env: NodeJS.ProcessEnv;
  say: Say;
  /** Ends it also before it is ready. */
  signal: AbortSignal;
}

const warning = 40;
/** What PostgreSQL calls it. */
const diskFull = '53100';

/**
 * Starts one of our own node processes and waits until it says that it is ready. It ends by itself when this process is
 * gone. All that it writes goes to `.data/<name>.log`; warnings and errors are said.
 */
export async function startChild({ name, file, env, say, signal }: ChildOptions): Promise<Running> {
  const logFile = join(dataFolder, `${name}.log`);
  const child = spawn(process.execPath, ['--import', 'tsx', '--enable-source-maps', file], {
    cwd: projectFolder,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C at the terminal is not for it: it is stopped in its turn.
    detached: true,
  });
  remember(child);
  const log = openLog(logFile, say);
  const last: string[] = [];
  let told: string | null = null;
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface(stream).on('line', (line) => {
      log.write(line);
      const warned = asWarning(line);
      if (warned && warned !== told) say(`${name}: ${warned}`);
      told = warned ?? told;
      if (!line.startsWith('{')) last.push(line);
      if (last.length > 20) last.shift();
    });
  }
  child.once('exit', (code, killer) => log.end(`${name} ended ${killer ? `by ${killer}` : `with ${code}`}`));
  const ended = endOf(child);
  const stop = async () => {
    await endProcess(child.pid!, [
      ['SIGTERM', 2_500],
      ['SIGKILL', 500],
    ]);
    await ended;
  };
  signal.addEventListener('abort', stop, { once: true });
  void ended.then(() => signal.removeEventListener('abort', stop));
  const ready = new Promise<'ready'>((resolve) => {
    child.on('message', (message) => (message as { ready?: boolean }).ready && resolve('ready'));
  });
  if ((await Promise.race([ready, ended])) === 'ready') return { pid: child.pid!, ended, stop };
  throw new Mishap([`The ${name} ended before it was ready (its log is ${logFile}).`, ...last].join('\n'));
}

/** The message of a log line that somebody should see. */
function asWarning(line: string): string | null {
  try {
    const { level, msg, err } = JSON.parse(line);
    return level >= warning
      ? [msg, err?.code === diskFull ? 'the disk is full; make room' : err?.message].filter(Boolean).join(': ')
      : null;
  } catch {
    return null;
  }
}
