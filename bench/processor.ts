import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Milliseconds of processor that a process has used, in user and kernel. */
export function cpuMs(pid: number): number {
  if (process.platform !== 'linux') {
    const [minutes, seconds] = execFileSync('ps', ['-o', 'cputime=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(':')
      .slice(-2);
    return (Number(minutes) * 60 + Number(seconds)) * 1_000;
  }
  const [user, kernel] = timesOf(pid);
  return (user! + kernel!) * tickMs;
}

/** The same of a process with all that it started, also of those that ended; only on Linux. */
export function cpuMsOfAll(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  const own = timesOf(pid).reduce((sum, ticks) => sum + ticks, 0) * tickMs;
  return children.reduce((sum, child) => sum + cpuMs(Number(child)), own);
}

const tickMs = 10;

/** Ticks in user and kernel: its own, then those of its children that ended. */
function timesOf(pid: number): number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).map(Number);
}
