import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, where the system shows it; empty elsewhere. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Asks a process to end, and makes it after a while. @returns when it is gone */
export async function end(pid: number, signal: NodeJS.Signals = 'SIGTERM', patienceMs = 3_000): Promise<void> {
  send(pid, signal);
  for (let waited = 0; isAlive(pid); waited += 20) {
    if (waited >= patienceMs) send(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ends a child of this process: unlike `end` it is not misled by a child that is dead but not yet waited for. */
export function endChild(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM', patienceMs = 3_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const impatient = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    child.once('exit', () => {
      clearTimeout(impatient);
      resolve();
    });
    child.kill(signal);
  });
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
