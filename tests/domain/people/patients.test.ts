import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changePatient, createPatient, type PatientDetails } from '../../../domain/people/patients.ts';
import { auditEntries } from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});

afterAll(() => db?.drop());

const details: PatientDetails = {
  firstName: 'Robin',
  lastNamePrefix: '',
  lastName: 'Ziegler',
  birthDate: '1984-05-06',
  email: 'robin@example.com',
  mobile: '+31600000001',
  contactOwner: 'patient',
  language: null,
  providerId: null,
  note: '',
};

let created = 0;
/** No two alike: just the same twice would be a button pressed twice. */
const create = (more: Partial<PatientDetails> = {}) =>
  db.database.transaction((tx) => createPatient(tx, built.staff, { ...details, note: `The ${++created}th`, ...more }));
const change = (id: string, more: Partial<PatientDetails>, staff = built.staff) =>
  db.database.transaction((tx) => changePatient(tx, staff, id, more));
const trailOf = (patientId: string) =>
  db.database.select().from(auditEntries).where(eq(auditEntries.patientId, patientId)).orderBy(auditEntries.id);

describe('a patient', () => {
  it('gets a number of its own, also when several files are opened at once', async () => {
    const files = await Promise.all(Array.from({ length: 8 }, () => create()));
    const numbers = files.map(({ number }) => number).sort((a, b) => a - b);
    expect(new Set(numbers).size).toBe(8);
    expect(numbers.at(-1)! - numbers[0]!).toBe(7);
  });

  it('has one file when the button is pressed twice, at once or one after the other', async () => {
    const [one, other] = await Promise.all([create({ note: 'The same' }), create({ note: 'The same' })]);
    expect(other!.id).toBe(one!.id);
    expect((await create({ note: 'The same' })).id).toBe(one!.id);
    expect((await create({ note: 'The same', firstName: 'Kim' })).id).not.toBe(one!.id);
    await db.sql`update patients set created_at = created_at - interval '61 seconds' where id = ${one!.id}`;
    expect((await create({ note: 'The same' })).id).not.toBe(one!.id);
  });

  it('has an audit trail that names what changed and holds no contacts', async () => {
    const { id } = await create();
    await change(id, { email: 'new@example.com', note: 'Ring twice' });
    await change(id, { email: 'new@example.com' });
    const trail = await trailOf(id);
    expect(trail.map(({ action, details: said, userId }) => [action, said, userId])).toEqual([
      ['patient.created', {}, built.staff.userId],
      ['patient.changed', { fields: 'email note' }, built.staff.userId],
    ]);
  });

  it('is out of reach for another practice, and so are its providers', async () => {
    const other = await buildPractice(db);
    const { id } = await create();
    await expect(change(id, { note: 'x' }, other.staff)).rejects.toMatchObject({ code: 'not_found' });
    await expect(create({ providerId: other.providers[0]!.id })).rejects.toMatchObject({
      code: 'invalid',
      field: 'providerId',
    });
    await expect(change(id, { providerId: other.providers[0]!.id })).rejects.toMatchObject({
      code: 'invalid',
      field: 'providerId',
    });
  });
});
