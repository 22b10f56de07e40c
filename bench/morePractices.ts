import type { Sql } from 'postgres';

/** What is unique over all practices is told apart by the practice's number. */
const told: Record<string, string> = {
  'users.email': `n || '.' || email`,
  'booking_links.token_hash': `token_hash || n`,
  'messages.carrier_id': `carrier_id || n`,
};
/** Big, and read by nothing that is measured. */
const leftOut = new Set(['audit_entries', 'access_entries', 'sessions']);

/**
 * Copies a book's one practice, with all that it has, until there are `count`. Ids are made of the original's and the
 * practice's number: unlike the product's own they do not follow time.
 */
export async function copyPractice(sql: Sql, count: number): Promise<void> {
  const columns = await sql<{ table: string; name: string; type: string; made: boolean }[]>`
    select table_name as table, column_name as name, udt_name as type,
      is_generated = 'ALWAYS' or (coalesce(column_default, '') like 'nextval%' and table_name <> 'busy_days') as made
    from information_schema.columns
    where table_schema = 'public' and (table_name = 'practices' or table_name in (
      select table_name from information_schema.columns where table_schema = 'public' and column_name = 'practice_id'))
    order by table_name, ordinal_position`;
  await sql.begin(async (tx) => {
    // Neither foreign keys nor the days written out are seen to row by row: both are copied as they are.
    await tx`set local session_replication_role = replica`;
    for (const table of new Set(columns.map((column) => column.table))) {
      if (leftOut.has(table)) continue;
      const kept = columns.filter((column) => column.table === table && !column.made);
      const values = kept.map(
        ({ name, type }) => told[`${table}.${name}`] ?? (type === 'uuid' ? `md5(${name}::text || n)::uuid` : name),
      );
      await tx.unsafe(
        `insert into ${table} (${kept.map(({ name }) => name).join(', ')})
         select ${values.join(', ')} from ${table}, generate_series(2, ${count}) n`,
      );
    }
  });
  await sql`vacuum analyze`;
}
