import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from '../dev/build.ts';

/** Compiles when the sources have changed, then runs a file of dist/ with what was typed, and ends as it does. */
export async function runCompiled(file: string): Promise<never> {
  if (!isBuilt()) {
    console.error('Compiling');
    await build().catch((error: Error) => {
      console.error(error.message);
      process.exit(1);
    });
  }
  const program = fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
  const run = spawn(process.execPath, [program, ...process.argv.slice(2)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // When this process is gone, the other one notices and clears away.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => run.connected && run.disconnect());
  const [code] = await once(run, 'exit');
  process.exit(code ?? 1);
}
