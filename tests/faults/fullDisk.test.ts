import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Browser } from '../../bench/browser.ts';
import { freePort } from '../../dev/ports.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import { run } from '../dev/commands.ts';
import { eventually } from '../engines/worker.ts';

/** A disk of the test's own, in memory; gone with the test. */
function smallDisk(megabytes: number): string {
  const place = mkdtempSync(join(tmpdir(), 'nextvisit-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', place]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', place]);
    rmSync(place, { recursive: true, force: true });
  });
  return place;
}

/** Only root may give a test a disk of its own, and not everywhere. */
const mayMount = (() => {
  const place = mkdtempSync(join(tmpdir(), 'nextvisit-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
})();

const oneSentence = (output: string) => expect(output).not.toMatch(/^ +at /m);

describe.skipIf(!mayMount)('fault 10: npm start', () => {
  it('has one sentence for a disk that is only for reading, whether its folder is there or not', async () => {
    const disk = smallDisk(1);
    mkdirSync(join(disk, 'there'));
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    for (const folder of ['there', 'new']) {
      const start = run('start', join(disk, folder), { env: { PORT: String(await freePort()) } });
      expect(await start.end()).toBe(1);
      expect(start.output()).toMatch(/cannot be used \(EROFS\): give this user the right to write there/);
      oneSentence(start.output());
    }
  });

  it('has one sentence for a disk that has no room', async () => {
    const start = run('start', smallDisk(2), { env: { PORT: String(await freePort()) } });
    expect(await start.end()).toBe(1);
    expect(start.output()).toMatch(/No space left on device|The disk is full/);
    oneSentence(start.output());
  });

  it('says that the disk has filled up, answers with words meanwhile, and goes on with all it had when there is room', async () => {
    const disk = smallDisk(420);
    const service = await startOn(disk);
    const before = await service.count();
    // Everything is written down, as it is every few minutes: what comes now needs room.
    await service.sql`checkpoint`;
    const makeRoom = fill(disk);
    const refused = await eventually(service.signIn, ({ status }) => status >= 500, 60_000);
    expect(refused.body).not.toMatch(/ENOSPC|No space left|53100/);
    await service.start.says(/the disk is full; make room/);
    // It goes on being there.
    expect(service.start.process.exitCode).toBeNull();

    makeRoom();
    await eventually(service.signIn, ({ status }) => status === 303, 60_000);
    expect(await service.count()).toEqual(before);
    await service.findsNothing();
  });

  it('has lost nothing when the disk was full under PostgreSQL’s own log, which ends it', async () => {
    const disk = smallDisk(420);
    const service = await startOn(disk);
    const before = await service.count();
    const makeRoom = fill(disk);
    // Words in its log only, until that needs another file.
    const full = async () => {
      for (let i = 0; i < 60; i++)
        await service.sql`select pg_logical_emit_message(true, 'trial', repeat('y', 1000000))`;
    };
    await expect(full()).rejects.toThrow();
    const end = await Promise.race([service.start.end(), pause(40_000)]);
    makeRoom();
    if (end !== undefined) {
      expect(end).toBe(1);
      expect(service.start.output()).toMatch(/^(PostgreSQL ended|The PostgreSQL data).*/m);
      oneSentence(service.start.output());
    }
    const again = end === undefined ? service : await startOn(disk);
    await eventually(again.signIn, ({ status }) => status === 303, 60_000);
    expect(await again.count()).toEqual(before);
    await again.findsNothing();
  });
});

/** `npm start` with its demo practice, up and answering. */
async function startOn(disk: string) {
  const port = await freePort();
  const start = run('start', disk, { env: { PORT: String(port) } });
  await start.says('Ctrl-C stops everything');
  const [, email] = /as receptionist +(\S+)/.exec(start.output())!;
  const [, password] = /with the password +(.+)/.exec(start.output())!;
  const ofPostgres = (name: string) => readFileSync(join(disk, 'postgres', name), 'utf8').trim();
  const sql = postgres(`postgres://nextvisit:${ofPostgres('password')}@127.0.0.1:${ofPostgres('port')}/nextvisit`, {
    max: 1,
    onnotice: () => {},
  });
  onTestFinished(() => sql.end({ timeout: 1 }));
  return {
    start,
    sql,
    /** What a receptionist is answered; where nobody answers the status is 0. */
    async signIn(): Promise<{ status: number; body: string }> {
      const browser = new Browser(`http://localhost:${port}`);
      try {
        await browser.get('/sign-in');
        return await browser.post('/sign-in', { email: email!, password: password!.trim() });
      } catch (error) {
        return { status: 0, body: (error as Error).message };
      }
    },
    count: async () =>
      (
        await sql`select (select count(*)::int from patients) as patients, (select count(*)::int from bookings) as bookings,
          (select count(*)::int from book_entries) as entries`
      )[0],
    findsNothing: () =>
      eventually(
        () => findInconsistencies(sql, { atRest: false }),
        (found) => found.length === 0,
        30_000,
      ),
  };
}

/** Takes all the room there is. @returns what gives it back */
function fill(disk: string): () => void {
  const filler = join(disk, 'filler');
  expect(() => writeFileSync(filler, Buffer.alloc(500 * 2 ** 20))).toThrow(/ENOSPC/);
  return () => rmSync(filler);
}
