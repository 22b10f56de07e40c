import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { TestProject } from 'vitest/node';
import { build, isBuilt } from '../../dev/build.ts';
import { provide } from '../engines/setup.ts';

/** The engines, and the product compiled as in production, with the switch that kills its processes beside it. */
export default async (project: TestProject) => {
  if (!isBuilt()) {
    console.log('Compiling');
    await build();
  }
  const here = fileURLToPath(new URL('.', import.meta.url));
  const { outputText } = ts.transpileModule(await readFile(join(here, 'killSwitch.ts'), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  await writeFile(join(here, '../../dist/killSwitch.js'), outputText);
  return provide(project, 'postgres', 'temporal');
};
