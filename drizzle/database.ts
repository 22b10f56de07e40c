import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.ts';

export type Database = PostgresJsDatabase<typeof schema>;
/** A transaction, or the database where one statement is enough. */
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0] | Database;

export interface Connection {
  database: Database;
  /** Clients of their own for raw SQL: drizzle changes its client's parsers. */
  sql: postgres.Sql;
  close(): Promise<void>;
}

/**
 * Opens pools to the book. `max` counts the connections of each of the two pools; they open on first use.
 * Sessions speak UTC; the practice's zone is applied in code and by `at time zone`.
 */
export function connect(url: string, { max = 10, name = 'nextvisit' }: { max?: number; name?: string } = {}): Connection {
  const options = {
    max,
    connection: { application_name: name, TimeZone: 'UTC' },
    onnotice: () => {},
  };
  const forDrizzle = postgres(url, options);
  const sql = postgres(url, options);
  return {
    database: drizzle(forDrizzle, { schema, casing: 'snake_case' }),
    sql,
    close: async () => {
      await Promise.all([forDrizzle.end({ timeout: 3 }), sql.end({ timeout: 3 })]);
    },
  };
}
