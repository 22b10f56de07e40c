import type { Sql } from 'postgres';
import type { Staff } from '../acting.ts';
import { providerName } from './names.ts';

export interface ProviderChoice {
  id: string;
  name: string;
}

/** The active providers of the practice, with their titles, by name. */
export async function providerChoices(sql: Sql, { practiceId }: Staff): Promise<ProviderChoice[]> {
  return sql<ProviderChoice[]>`
    select id, ${sql.unsafe(providerName('providers'))} as name from providers where practice_id = ${practiceId} and active order by providers.name, id`;
}

/** A provider's portrait; patients see it, so it belongs to no practice's secrets. */
export async function readPicture(sql: Sql, providerId: string): Promise<{ bytes: Uint8Array; type: string } | null> {
  const [row] = await sql<{ picture: Uint8Array | null; picture_type: string | null }[]>`
    select picture, picture_type from providers where id = ${providerId}`;
  return row?.picture && row.picture_type ? { bytes: row.picture, type: row.picture_type } : null;
}
