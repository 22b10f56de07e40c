import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Mishap } from './mishap.ts';
import type { PostgresProgram, RunsAs } from './postgresProgram.ts';

/** The name of the user, who may do everything in this server. */
export const bookUser = 'nextvisit';

/** The data folder in `folder` with its password, made at the first start. @throws Mishap when it is of no use */
export async function openData(
  folder: string,
  program: PostgresProgram,
  user: RunsAs,
  durable: boolean,
): Promise<string> {
  const data = join(folder, 'data');
  if (existsSync(data)) await checkVersion(data, program.major);
  else await makeData(folder, program, user, durable);
  return readFile(join(folder, 'password'), 'utf8').catch(() => {
    throw new Mishap(
      `The password of the data in ${folder} is missing, so it cannot be opened; "npm run reset" begins afresh.`,
    );
  });
}

async function checkVersion(data: string, major: string): Promise<void> {
  const found = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => {
    throw new Mishap(`${data} is damaged: it is no complete PostgreSQL data folder; "npm run reset" begins afresh.`);
  });
  if (found.trim() === major) return;
  throw new Mishap(
    `The data in ${data} is of PostgreSQL ${found.trim()}, and this Nextvisit brings PostgreSQL ${major}; "npm run reset" begins afresh, without that data.`,
  );
}

/** A complete data folder or none: made aside, then renamed. */
async function makeData(folder: string, program: PostgresProgram, user: RunsAs, durable: boolean): Promise<void> {
  const aside = join(folder, 'data.new');
  const passwordFile = join(folder, 'password');
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside);
  await chmod(aside, 0o700);
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user.uid !== undefined) {
    await chown(aside, user.uid, user.gid!);
    await chown(passwordFile, user.uid, user.gid!);
  }
  const child = spawn(
    program.initdb,
    [
      ...['-D', asSeenBy(user, aside), `--username=${bookUser}`, '--auth=scram-sha-256', '--pwfile=../password'],
      ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
      ...(durable ? [] : ['--no-sync']),
    ],
    { ...user, cwd: aside, env: serverEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) throw new Mishap(`PostgreSQL could not make its data folder ${aside}: ${lastComplaint(said)}.`);
  await rename(aside, join(folder, 'data'));
}

/**
 * Under root PostgreSQL runs as another user, to whom the folders above the project may be closed. The folder a process
 * stands in is always open to it, and PostgreSQL stands in its data.
 */
export const asSeenBy = (user: RunsAs, data: string) =>
  user.uid !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : data;

/** Nothing of the caller's PG… variables or language reaches the server. */
export const serverEnvironment = () => ({ PATH: process.env.PATH, TZ: 'UTC' });

/** The last line of a log in which the server complains, without its time and process. */
export function lastComplaint(log: string): string {
  const lines = log.trim().split('\n');
  const complaint = lines.findLast((line) => /FATAL|PANIC|ERROR|error:/.test(line)) ?? lines[0] ?? '';
  return complaint.replace(/^.*?(FATAL|PANIC|ERROR|error):\s*/, '').trim() || 'it said nothing';
}
