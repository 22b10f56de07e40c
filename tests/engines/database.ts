import postgres from 'postgres';
import { inject } from 'vitest';
import { type Connection, connect } from '../../drizzle/database.ts';
import { templateDatabase } from './wanted.ts';

export interface FreshDatabase extends Connection {
  url: string;
  /** The same database behind the wall, as the web application works with it. */
  walled: Connection;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

let count = 0;

/** A database of its own, migrated and empty. `max` counts the connections of each of its two pools. */
export async function freshDatabase(options: { max?: number } = {}): Promise<FreshDatabase> {
  const adminUrl = inject('postgresUrl');
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const name = `test_${process.pid}_${Date.now()}_${count++}`;
  await admin.unsafe(`create database ${name} template ${templateDatabase}`);
  const url = adminUrl.replace(/\/[^/]*$/, `/${name}`);
  const connection = connect(url, options);
  const walled = connect(url, { ...options, wall: true });
  const close = async () => {
    await Promise.all([connection.close(), walled.close()]);
  };
  return {
    ...connection,
    url,
    walled,
    close,
    drop: async () => {
      await close();
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
