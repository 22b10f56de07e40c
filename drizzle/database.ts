import type { SQL } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema/index.ts';
import { behindWall, wallRole } from './wall.ts';

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
 * Sessions speak UTC; the practice's zone is applied in code and by `at time zone`. After `longestMs` a statement is given
 * up, and so is a transaction in which nothing happens any more: a person waits no longer, and locks are not kept for nobody.
 * Statements are planned once a connection, whatever they ask for: each has one good plan, and planning costs more than reading.
 * Behind the wall there are the rows of one practice only, the one that the work at hand is done for (wall.ts).
 */
export function connect(
  url: string,
  {
    max = 10,
    name = 'nextvisit',
    longestMs,
    wall = false,
  }: { max?: number; name?: string; longestMs?: number; wall?: boolean } = {},
): Connection {
  const options = {
    max,
    backoff: soon,
    connection: {
      application_name: name,
      TimeZone: 'UTC',
      plan_cache_mode: 'force_generic_plan',
      ...(wall ? { role: wallRole } : {}),
      ...(longestMs === undefined
        ? {}
        : { statement_timeout: longestMs, idle_in_transaction_session_timeout: longestMs }),
    },
    onnotice: () => {},
  };
  const opened = (client: postgres.Sql) => (wall ? behindWall(client) : client);
  const forDrizzle = opened(preparing(postgres(url, options)));
  const sql = opened(postgres(url, options));
  return {
    database: drizzle(forDrizzle, { schema, casing: 'snake_case' }),
    sql,
    close: async () => {
      await Promise.all([forDrizzle.end({ timeout: 3 }), sql.end({ timeout: 3 })]);
    },
  };
}

/** Seconds until a lost connection is tried again: people wait, and PostgreSQL is seldom away for long. */
export const soon = (attempt: number) => Math.min(0.02 * 2 ** attempt, 1);

/**
 * Sends a transaction's statements at once, without waiting for one another's answers. The server runs them in this order,
 * each seeing what was committed until then; locks that an earlier one takes are held by the later ones.
 */
export function inOneGo(tx: Tx, ...statements: SQL[]): Promise<Record<string, unknown>[][]> {
  return Promise.all(statements.map(async (statement) => [...(await tx.execute(statement))]));
}

/**
 * drizzle asks for statements that are parsed and planned anew each time, at the price of a second round trip. Here they are
 * prepared, once a connection, and so can also follow one another without waiting.
 */
function preparing<Client extends postgres.Sql | postgres.TransactionSql>(client: Client): Client {
  const { unsafe } = client;
  client.unsafe = ((text, parameters = [], options = {}) =>
    unsafe(text, parameters, { ...options, prepare: parameters.length > 0 })) as typeof unsafe;
  if ('begin' in client) {
    const { begin } = client;
    client.begin = ((work: Work) => whileConnected(begin as Begin, (tx) => work(preparing(tx)))) as typeof begin;
  }
  if ('savepoint' in client) {
    const { savepoint } = client;
    client.savepoint = ((work: Work) => savepoint((tx) => work(preparing(tx)))) as typeof savepoint;
  }
  return client;
}

/**
 * A transaction whose connection is lost fails at once; its work may still be busy, and the client would let it go on, or roll
 * back, on the same connection when that serves others again. So its statements are refused, and its end is never heard of.
 */
function whileConnected(begin: Begin, work: Work): Promise<unknown> {
  let lost: { reason: unknown } | null = null;
  const done = begin((tx) => {
    const { unsafe } = tx;
    tx.unsafe = ((...statement) => {
      if (lost) throw lost.reason;
      return unsafe(...statement);
    }) as typeof unsafe;
    return work(tx).finally(() => (lost ? new Promise(() => {}) : undefined));
  });
  done.catch((reason) => {
    lost = { reason };
  });
  return done;
}

type Begin = (work: Work) => Promise<unknown>;
type Work = (tx: postgres.TransactionSql) => Promise<unknown>;
