import { spawn } from 'node:child_process';

export interface Attempt {
  program: string;
  args: string[];
  cwd?: string;
  /** Set over the caller's environment. */
  env?: Record<string, string>;
  /** The program and all that it started are killed after this long. */
  limitMs: number;
  /** Asked every quarter of a second, with the milliseconds passed: true ends the attempt. */
  giveUpAfter?(ms: number): boolean;
  /** Called every five seconds. */
  progress(seconds: number): void;
}

/** Runs a program that may hang. @returns whether it ended well, and the last line it wrote */
export function attempt({
  program,
  args,
  cwd,
  env,
  limitMs,
  giveUpAfter,
  progress,
}: Attempt): Promise<{ ok: boolean; said: string }> {
  return new Promise((resolve) => {
    const began = Date.now();
    let last = '';
    let told = 0;
    // A group of its own, so that what it starts can be killed with it.
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        last = String(text).trim().split('\n').at(-1) || last;
      });
    }
    const kill = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has gone by itself.
      }
    };
    const watch = setInterval(() => {
      const ms = Date.now() - began;
      if (ms > limitMs) last = `it took more than ${limitMs / 1000} s`;
      if (ms > limitMs || giveUpAfter?.(ms)) return kill();
      if (ms - told >= 5_000) {
        told = ms;
        progress(Math.round(ms / 1000));
      }
    }, 250);
    process.once('exit', kill);
    const finish = (ok: boolean, said: string) => {
      clearInterval(watch);
      process.off('exit', kill);
      resolve({ ok, said });
    };
    child.once('error', (error) => finish(false, error.message));
    child.once('close', (code) => finish(code === 0, last));
  });
}
