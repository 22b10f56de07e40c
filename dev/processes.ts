import { type ChildProcess, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Signals to send one after another, each with the milliseconds to wait before the next. */
export type Farewell = [signal: NodeJS.Signals, patienceMs: number][];

/** Whether a process of this number exists, whoever it belongs to. One that is dead but not yet collected does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || !isDead(pid);
}

function isDead(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

/** A process's program and arguments; '' when it has gone or is not ours to look at. */
export function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** The living processes that stand in a folder; only Linux tells, elsewhere there are none. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && standsIn(pid, folder) && isAlive(pid));
}

function standsIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}

/** Ends a process step by step. @returns whether it has gone */
export async function endProcess(pid: number, farewell: Farewell): Promise<boolean> {
  for (const [signal, patienceMs] of farewell) {
    try {
      process.kill(pid, signal);
    } catch {
      return true;
    }
    for (const until = Date.now() + patienceMs; Date.now() < until; ) {
      if (!isAlive(pid)) return true;
      await pause(10);
    }
  }
  return !isAlive(pid);
}

/** Settles when a child has ended, or could not be started at all. */
export function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
}
