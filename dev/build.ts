import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger } from '@temporalio/worker';
import { bundleWorkflows } from '../worker/workflowBundle.ts';

/** `npm run build`: compiles to dist/, and makes the workflows' bundle ahead, so that a worker starts with neither in memory. */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const bundle = join(dist, 'workflows.bundle.js');
/** What is compiled; tests and the packages are not. */
const layers = [
  'activities',
  'api',
  'bench',
  'dev',
  'domain',
  'drizzle',
  'gateways',
  'locales',
  'views',
  'worker',
  'workflows',
];
const files = ['configuration.ts', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** @throws when the sources do not compile; dist/ is then incomplete, and stale */
export async function build(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const compiler = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  const [code] = await once(compiler, 'exit');
  if (code !== 0) throw new Error('The sources do not compile; see above.');
  const logger = new DefaultLogger('WARN');
  await writeFile(bundle, await bundleWorkflows(logger, join(dist, 'workflows/index.js')));
}

/** Whether dist/ holds what the sources say now: its last file, the bundle, is newer than any of them. */
export function isBuilt(): boolean {
  const built = changedAt(bundle);
  return [...files, ...layers.flatMap(sourcesIn)].every((file) => changedAt(join(root, file)) < built);
}

function sourcesIn(layer: string): string[] {
  const names = readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => join(layer, name));
}

const changedAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
