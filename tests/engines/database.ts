import postgres from 'postgres';
import { inject } from 'vitest';
import { type Connection, connect } from '../../drizzle/database.ts';

export const templateDatabase = 'nextvisit_template';

export interface FreshDatabase extends Connection {
  url: string;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

let count = 0;

/** A database of its own, migrated and empty. */
export async function freshDatabase(options: { max?: number } = {}): Promise<FreshDatabase> {
  const admin = postgres(inject('postgresUrl').replace(/\/[^/]*$/, '/postgres'), { max: 1, onnotice: () => {} });
  const name = `test_${process.pid}_${Date.now()}_${count++}`;
  await admin.unsafe(`create database ${name} template ${templateDatabase}`);
  const url = inject('postgresUrl').replace(/\/[^/]*$/, `/${name}`);
  const connection = connect(url, options);
  return {
    ...connection,
    url,
    drop: async () => {
      await connection.close();
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
