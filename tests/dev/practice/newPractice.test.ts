import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { freePort } from '../../../dev/ports.ts';
import { authenticate } from '../../../domain/people/users.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { run } from '../commands.ts';
import { testFolder } from '../folders.ts';

const password = 'a password of nobody else';
const flags = {
  '--name': 'Tandartsen aan de Wal',
  '--time-zone': 'Europe/Amsterdam',
  '--language': 'nl',
  '--phone': '030 000 0000',
  '--street': 'Walweg 1',
  '--postal-code': '1000 AB',
  '--city': 'Utrecht',
  '--manager-name': 'Kim Bakker',
  '--manager-email': 'kim@wal.example',
};
let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db?.drop());

async function practiceNew(values: Record<string, string>, env: NodeJS.ProcessEnv = {}, more: string[] = []) {
  const args = [...Object.entries(values).flat(), ...more];
  const command = run('newPractice', testFolder(), {
    args,
    env: { DATABASE_URL: db.url, MANAGER_PASSWORD: password, ...env },
  });
  return { code: await command.end(), said: command.output().trim().split('\n') };
}
const countOf = async () => (await db.sql`select count(*)::int as all from practices`)[0]!.all;

describe('npm run practice:new', () => {
  it('has one sentence for each value that is wrong, and changes nothing', async () => {
    const wrong = { ...flags, '--language': 'fr', '--phone': 'none', '--manager-email': 'kim', '--hours': '9-5' };
    const { '--city': _none, ...without } = wrong;
    expect(await practiceNew(without)).toEqual({
      code: 1,
      said: [
        '--phone: This is not a telephone number.',
        '--language must be en or nl.',
        '--city is missing.',
        '--hours: Write the hours such as 8:00-12:30, 13:15-17:00.',
        '--manager-email: This is not an email address.',
      ],
    });
    const tries: [Record<string, string>, NodeJS.ProcessEnv, string[], RegExp][] = [
      [{ ...flags, '--time-zone': 'Amsterdam' }, {}, [], /^--time-zone must be a zone’s name/],
      [flags, { MANAGER_PASSWORD: 'short' }, [], /^The manager’s password: Too short/],
      [flags, { MANAGER_PASSWORD: '' }, [], /MANAGER_PASSWORD/],
      [flags, {}, ['--password', password], /^Unknown option '--password'/],
      [flags, { DATABASE_URL: '' }, [], /^DATABASE_URL is missing/],
      [flags, { DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/x` }, [], /does not answer/],
      [flags, { DATABASE_URL: inject('postgresUrl') }, [], /run "npm run migrate" first/],
    ];
    for (const [values, env, more, sentence] of tries) {
      expect(await practiceNew(values, env, more)).toEqual({ code: 1, said: [expect.stringMatching(sentence)] });
    }
    expect(await countOf()).toBe(0);
  });

  it('makes a practice whose manager signs in, where a start with a database of one’s own puts no demo', async () => {
    const port = await freePort();
    const service = run('start', testFolder(), {
      env: {
        PORT: String(port),
        DATABASE_URL: db.url,
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        TEMPORAL_TASK_QUEUE: `practice-new-${process.pid}`,
      },
    });
    await service.says('Ctrl-C stops everything');
    expect(service.output()).not.toContain('demo');
    expect(service.output()).toMatch(/Nobody can sign in +npm run practice:new/);
    expect(await countOf()).toBe(0);

    expect(await practiceNew(flags)).toEqual({ code: 0, said: [expect.stringContaining('is there: kim@wal.example')] });
    expect(await practiceNew(flags, { MANAGER_PASSWORD: 'another long password' })).toEqual({
      code: 0,
      said: [expect.stringContaining('nothing was changed')],
    });
    expect(await countOf()).toBe(1);
    expect(await authenticate(db.sql, 'kim@wal.example', password)).not.toBeNull();
    expect(await authenticate(db.sql, 'kim@wal.example', 'another long password')).toBeNull();
    const hours = await db.sql`select weekday, from_minute, until_minute from opening_hours order by weekday`;
    expect(hours.map((one) => [one.weekday, one.from_minute, one.until_minute])).toEqual(
      [1, 2, 3, 4, 5].map((weekday) => [weekday, 480, 1050]),
    );
  });
});
