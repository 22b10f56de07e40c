import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from '../dev/build.ts';

/** `npm run bench`: compiles when the sources have changed, then measures with compiled code only. */
if (!isBuilt()) {
  console.error('Compiling');
  await build().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
}
const run = spawn(
  process.execPath,
  [fileURLToPath(new URL('../dist/bench/run.js', import.meta.url)), ...process.argv.slice(2)],
  {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // When this process is gone, the other one notices and clears away.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => run.connected && run.disconnect());
const [code] = await once(run, 'exit');
process.exit(code ?? 1);
