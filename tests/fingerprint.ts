import type { Sql } from 'postgres';

/**
 * Of each table its number of rows and a checksum of all they hold: of one practice's rows, or of everybody's. Without
 * sessions and the access log, which looking alone writes.
 */
export async function fingerprint(sql: Sql, practiceId?: string): Promise<Record<string, string>> {
  const tables = await sql<{ name: string; column: string | null }[]>`
    select t.table_name as name,
      case when t.table_name = 'practices' then 'id' else (
        select c.column_name from information_schema.columns c
        where c.table_schema = 'public' and c.table_name = t.table_name and c.column_name = 'practice_id') end as column
    from information_schema.tables t
    where t.table_schema = 'public' and t.table_type = 'BASE TABLE' and t.table_name not in ('sessions', 'access_entries') order by 1`;
  const asked = tables.filter(({ column }) => practiceId === undefined || column);
  const parts = asked.map(
    ({ name, column }) => `
      select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(r::text, '|' order by r::text)), '') as print
      from "${name}" r ${practiceId === undefined ? '' : `where ${column} = '${practiceId}'`}`,
  );
  const rows = await sql.unsafe<{ name: string; print: string }[]>(parts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, print }) => [name, print]));
}
