import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSearch, searchPatients } from '../../../domain/people/search.ts';
import { type BuiltPractice, buildPatient, buildPractice } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  const other = await buildPractice(db);
  await buildPatient(db, other, { firstName: 'Zoë', lastName: 'Bergman', birthDate: '1990-01-02' });
  for (const patient of [
    { number: 4711, firstName: 'Anna', lastNamePrefix: 'van den', lastName: 'Berg', birthDate: '1984-05-06' },
    { number: 4712, firstName: 'Zoë', lastName: 'Bakker-Visser', birthDate: '1984-05-06' },
    { number: 4713, firstName: 'Bert', lastName: 'Anker', birthDate: '2001-12-31' },
    { number: 4715, firstName: 'Sam', lastName: "O'Brien", birthDate: '1970-01-01' },
    { number: 4716, firstName: 'Łukasz', lastNamePrefix: "in 't", lastName: '’s-Gravesande', birthDate: '1971-01-01' },
    { number: 4717, firstName: 'Strauß', lastName: "d'O'Connor", birthDate: '1971-01-01' },
    { number: 4714, firstName: '100%', lastName: 'Real_Name', birthDate: '1970-01-01' },
  ]) {
    await buildPatient(db, built, patient);
  }
});

afterAll(() => db?.drop());

const find = async (text: string) =>
  (await searchPatients(db.sql, built.staff, text, 2026)).patients.map(({ number }) => number);

describe('a search for patients', () => {
  it.each([
    ['anna', [4711]],
    ['berg', [4711]],
    ['berg, anna', [4711]],
    ['Anna van den Berg', [4711]],
    ['an', [4713, 4711]],
    ['zoe', [4712]],
    ['ZOË', [4712]],
    ['visser', [4712]],
    ['bakker-vis', [4712]],
    ['ankerx', []],
    ['nna', []],
    ['4711', [4711]],
    ['#4713', [4713]],
    ['471', []],
    ['6-5-1984', [4712, 4711]],
    ['06051984', [4712, 4711]],
    ['6 mei 1984', [4712, 4711]],
    ['zoe 6-5-1984', [4712]],
    ['1984-05-06 berg', [4711]],
    ['6 may 1984 anna', [4711]],
    ['%', []],
    ['100%', [4714]],
    ['real_', [4714]],
    ['re%l', []],
    ['brien', [4715]],
    ['lukasz graves', [4716]],
    ["'s gra", [4716]],
    ['t', [4716]],
    ['STRAUSS connor', [4717]],
    ['strauß', [4717]],
    ['\u0301', []],
    ["o'br", [4715]],
    ['', []],
    ['   ', []],
    ["'; drop table patients; --", []],
  ])('finds by what is typed: %s', async (text, numbers) => {
    expect(await find(text)).toEqual(numbers);
  });

  it('takes every sign for itself', async () => {
    for (const sign of [...'!"#$%&\'()*+./:;<=>?@[\\]^_`{|}~', '…', '😀', '\u0007']) {
      expect(await find(`${sign}berg${sign}`), sign).toEqual([]);
      expect(await find(`${sign} anna`), sign).toEqual([]);
    }
  });

  it('reads an index, not all the names there are', async () => {
    const large = await buildPractice(db);
    await db.sql`
      insert into patients (practice_id, number, first_name, last_name, birth_date)
      select ${large.practice.id}, n, 'Robin', 'Ziegler' || n, date '1940-01-01' + n from generate_series(1, 3000) n`;
    await db.sql`analyze patients`;
    const plan = await db.sql`
      explain select id from patients
      where practice_id = ${large.practice.id} and name_words @@ names_beginning(${large.practice.id}, ${['ziegler29']})`;
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('patients_name_words');
  });

  it('says when there are more than it shows', async () => {
    const crowd = await buildPractice(db);
    for (let count = 0; count < 31; count++) await buildPatient(db, crowd, { firstName: 'Crowd' });
    const { patients, more } = await searchPatients(db.sql, crowd.staff, 'crowd', 2026);
    expect(patients).toHaveLength(30);
    expect(more).toBe(true);
  });

  it('takes digits for a number, dates for birth dates and the rest for names', () => {
    expect(readSearch('12', 2026)).toEqual({ birthDate: null, number: 12, names: [] });
    expect(readSearch('jan 6-5-84', 2026)).toEqual({ birthDate: '1984-05-06', number: null, names: ['jan'] });
    expect(readSearch('Jan 6 1984', 2026)).toEqual({ birthDate: '1984-01-06', number: null, names: [] });
  });
});
