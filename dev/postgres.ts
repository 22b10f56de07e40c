import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { Mishap } from './mishap.ts';
import { remember } from './offspring.ts';
import { freePort } from './ports.ts';
import { asSeenBy, bookUser, lastComplaint, openData, serverEnvironment } from './postgresData.ts';
import { postgresProgram, runsAs } from './postgresProgram.ts';
import { commandLine, endOf, endProcess, isAlive, processesIn } from './processes.ts';
import type { Say } from './say.ts';

export interface PostgresOptions {
  /** Holds the data, the password, the port used last and the log; kept between starts. */
  folder: string;
  say: Say;
  /** Made when it is missing. */
  database?: string;
  /** Server settings over the usual ones. */
  settings?: Record<string, string>;
}

export interface RunningPostgres {
  /** Of the database, with user and password. */
  url: string;
  pid: number;
  /** Settles when the server has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const usualSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
};
/** Recovery after a crash counts in. */
const startLimitMs = 60_000;
/** The children of a killed server need a moment to let go of its memory. */
const memoryLimitMs = 10_000;
const attempts = 5;

/**
 * Starts the embedded PostgreSQL on a free port of 127.0.0.1, the one used last if it can. A server that an earlier start
 * left behind on the same data is stopped first. Nobody else may start on this folder meanwhile.
 * @throws Mishap when the data cannot be opened
 */
export async function startPostgres({
  folder,
  say,
  database = 'nextvisit',
  settings = {},
}: PostgresOptions): Promise<RunningPostgres> {
  await mkdir(folder, { recursive: true });
  const place = await realpath(folder);
  const data = join(place, 'data');
  const user = await runsAs(data);
  const program = await postgresProgram(user);
  if (user.uid !== undefined) await chmod(place, 0o711);
  const password = await openData(place, program, user, settings.fsync !== 'off');
  await stopForgottenPostgres(place, say);

  const logFile = join(place, 'server.log');
  const urlOf = (port: number, name: string) => `postgres://${bookUser}:${password}@127.0.0.1:${port}/${name}`;
  const began = Date.now();
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort(join(place, 'port'), attempt > 1);
    const log = openSync(logFile, 'w');
    const all = Object.entries({ ...usualSettings, ...settings, port: String(port) });
    const child = spawn(
      program.postgres,
      ['-D', asSeenBy(user, data), ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...user,
        cwd: data,
        env: serverEnvironment(),
        stdio: ['ignore', log, log],
        // Ctrl-C at the terminal is not for it: it is stopped last, after those who use it.
        detached: true,
      },
    );
    remember(child);
    closeSync(log);
    const ended = endOf(child);
    if (await comesUp(ended, (name) => urlOf(port, name), database)) {
      return { url: urlOf(port, database), pid: child.pid!, ended, stop: () => stop(child, ended) };
    }
    await stop(child, ended);
    const said = await readFile(logFile, 'utf8');
    if (/shared memory block .* is still in use/.test(said) && Date.now() - began < memoryLimitMs) {
      attempt--;
      await pause(200);
    } else if (!/could not bind|could not create any TCP/.test(said) || attempt >= attempts) {
      throw new Mishap(
        `The PostgreSQL data in ${data} cannot be opened (${lastComplaint(said)}); "npm run reset" begins afresh. The log is ${logFile}`,
      );
    }
  }
}

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one, which recovers at the next start. */
async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  await endProcess(child.pid, [
    ['SIGINT', 3_000],
    ['SIGQUIT', 1_000],
    ['SIGKILL', 500],
  ]);
  await ended;
}

async function choosePort(file: string, another: boolean): Promise<number> {
  const used = another ? undefined : Number(await readFile(file, 'utf8').catch(() => '')) || undefined;
  const port = await freePort(used);
  await writeFile(file, String(port));
  return port;
}

/** After a kill -9 of node its PostgreSQL lives on; after a restart of the machine the number may be somebody else's. */
export async function stopForgottenPostgres(folder: string, say: Say): Promise<void> {
  const data = await realpath(join(folder, 'data')).catch(() => null);
  if (data === null) return;
  const lock = join(data, 'postmaster.pid');
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (isServerOf(pid, data)) {
    say('PostgreSQL of an earlier start is still running; stopping it first');
    const gone = await endProcess(pid, [
      ['SIGINT', 5_000],
      ['SIGQUIT', 3_000],
    ]);
    if (gone) return;
    throw new Mishap(
      `PostgreSQL of an earlier start, process ${pid}, does not stop; end it with "kill -QUIT ${pid}" and start again.`,
    );
  }
  // The children of a killed server follow it within moments. Its lock goes after them: PostgreSQL itself would take a
  // stranger who got the number, or a dead process that nobody collects, for the server.
  for (const until = Date.now() + memoryLimitMs; processesIn(data).length > 0 && Date.now() < until; ) await pause(50);
  if (processesIn(data).length === 0) await rm(lock, { force: true });
}

const isServerOf = (pid: number, data: string) =>
  process.platform === 'linux'
    ? processesIn(data).includes(pid)
    : isAlive(pid) && commandLine(pid).includes(`-D ${data} `);

/**
 * Waits until the server answers, and makes the database when it is missing. Whoever answers has proved by SCRAM to know the
 * password: it is this server and no other. @returns false when the server ended instead, or did not come up in time
 */
async function comesUp(ended: Promise<void>, urlOf: (database: string) => string, database: string): Promise<boolean> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (const until = Date.now() + startLimitMs; Date.now() < until && !over; ) {
    const sql = postgres(urlOf('postgres'), { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      const [found] = await sql`select from pg_database where datname = ${database}`;
      if (!found) await sql`create database ${sql(database)}`;
      return true;
    } catch (error) {
      if (error instanceof postgres.PostgresError && error.code === '28P01') return false;
      await Promise.race([ended, pause(20)]);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
  return false;
}
