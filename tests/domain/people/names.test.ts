import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patientName, providerName } from '../../../domain/people/names.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db?.drop());

describe('a name', () => {
  it('of a patient has the prefix where there is one, and no gap where a name was let go', async () => {
    const rows = await db.sql`
      select ${db.sql.unsafe(patientName('p'))} as name
      from (values ('Jan', 'van der', 'Berg'), ('Ada', '', 'Vos'), ('', '', '–')) as p (first_name, last_name_prefix, last_name)`;
    expect(rows.map(({ name }) => name)).toEqual(['Jan van der Berg', 'Ada Vos', '–']);
  });

  it('of a provider has the title where there is one', async () => {
    const rows = await db.sql`
      select ${db.sql.unsafe(providerName('v'))} as name from (values ('Dr', 'Noor Beekman'), ('', 'Ties Smit')) as v (title, name)`;
    expect(rows.map(({ name }) => name)).toEqual(['Dr Noor Beekman', 'Ties Smit']);
  });
});
