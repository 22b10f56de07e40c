import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { projectFolder } from '../../dev/dataFolder.ts';
import { isAlive } from '../../dev/processes.ts';

export interface Command {
  process: ChildProcess;
  output(): string;
  /** Waits until it has printed this. */
  says(text: string | RegExp): Promise<void>;
  /** Waits for its end. @returns its exit code */
  end(): Promise<number | null>;
}

/** Whatever the developer's own `.env` sets is not for a test: what is set to nothing counts as absent. */
const example = readFileSync(join(projectFolder, '.env.example'), 'utf8');
const nothingSet = Object.fromEntries([...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => [name!, '']));

/** Runs one of the project's commands, by its file under `dev/`, on a data folder of the test's own. */
export function run(
  name: 'start' | 'reset' | 'walkthrough' | 'checkBook' | 'newPractice',
  data: string,
  { args = [], env = {} }: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
): Command {
  const child = spawn(process.execPath, ['dev/run.js', name, ...args], {
    cwd: projectFolder,
    env: { ...process.env, ...nothingSet, NEXTVISIT_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const ended = once(child, 'close');
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await ended;
  });
  return {
    process: child,
    output: () => output,
    says: async (text) => {
      for (const until = Date.now() + 150_000; !output.match(text); await pause(50)) {
        const isOver = child.exitCode !== null || child.signalCode !== null || Date.now() > until;
        if (isOver) throw new Error(`it did not say ${text}, but:\n${output}`);
      }
    },
    end: async () => (await ended)[0] as number | null,
  };
}

/** The living children of a process; none on systems without /proc. */
export function childrenOf(pid: number): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((one) => one > 0 && isAlive(one) && parentOf(one) === pid);
}

function parentOf(pid: number): number | null {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
