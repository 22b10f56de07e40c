import type { ChildProcess } from 'node:child_process';

const living = new Set<ChildProcess>();

/** Remembers a process that was started to run on by itself, so that none is forgotten at a hasty end. */
export function remember(child: ChildProcess): void {
  living.add(child);
  child.once('exit', () => living.delete(child));
  child.once('error', () => living.delete(child));
}

/** The end without good-byes. */
export function killAll(): void {
  for (const child of living) child.kill('SIGKILL');
}
