import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '../../dev/dataFolder.ts';
import { testFolder } from './folders.ts';

it('says which Node is needed to one that is too old', () => {
  const older = 'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.18.3" })';
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', older, 'dev/run.js', 'start'], {
    cwd: projectFolder,
    encoding: 'utf8',
  });
  expect([status, stdout, stderr.trim()]).toEqual([
    1,
    '',
    'Nextvisit needs Node 20.19 or newer, and this is 20.18.3: install one from https://nodejs.org.',
  ]);
});

it('what .env sets holds for every command, unless the environment says otherwise', () => {
  const folder = testFolder();
  mkdirSync(join(folder, 'dev'));
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  copyFileSync(join(projectFolder, 'dev/run.js'), join(folder, 'dev/run.js'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, '.env'), 'DATABASE_URL=postgres://book/of-the-file\nPORT=3001\n');
  const { DATABASE_URL: _ours, ...env } = process.env;
  const probe = 'console.log(process.env.DATABASE_URL, process.env.PORT, process.argv[3]);';
  writeFileSync(join(folder, 'dev/probe.ts'), probe);
  const said = execFileSync(process.execPath, ['dev/run.js', 'probe', '--flag'], {
    cwd: folder,
    env: { ...env, PORT: '4001' },
    encoding: 'utf8',
  });
  expect(said.trim()).toBe('postgres://book/of-the-file 4001 --flag');
});
