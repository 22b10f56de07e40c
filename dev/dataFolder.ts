import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Mishap } from './mishap.ts';
import { commandLine, isAlive } from './processes.ts';

export const projectFolder = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
/** Everything that `npm start` keeps; `npm run reset` empties it. Another one by NEXTVISIT_DATA lets two run side by side. */
export const dataFolder = resolve(projectFolder, process.env.NEXTVISIT_DATA || '.data');
export const postgresFolder = join(dataFolder, 'postgres');
export const temporalFolder = join(dataFolder, 'temporal');

export interface Lock {
  /** Whether an earlier start ended without saying goodbye. */
  wasLeftBehind: boolean;
  release(): void;
}

/** Sees to it that one command at a time works in the folder. @throws Mishap when another one does */
export async function takeLock(folder = dataFolder): Promise<Lock> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'start.lock');
  const holder = holderOf(file);
  if (holder !== null && isCommand(holder)) {
    throw new Mishap(
      `Nextvisit runs in this folder already (process ${holder}): stop that one with Ctrl-C, or "kill ${holder}".`,
    );
  }
  rmSync(file, { force: true });
  writeFileSync(file, String(process.pid));
  // Of two that come at once, the one that wrote last goes on.
  await pause(50);
  const winner = holderOf(file);
  if (winner !== process.pid)
    throw new Mishap(`Nextvisit is being started in this folder already (process ${winner}).`);
  return {
    wasLeftBehind: holder !== null,
    release: () => holderOf(file) === process.pid && rmSync(file, { force: true }),
  };
}

function holderOf(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8')) || null;
  } catch {
    return null;
  }
}

/** After a restart of the machine the number may be anybody's. */
const isCommand = (pid: number) => pid !== process.pid && isAlive(pid) && /\b(start|reset)\b/.test(commandLine(pid));
