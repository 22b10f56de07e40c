import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sql, TransactionSql } from 'postgres';

/**
 * The second wall between practices, behind the practice in each query: row-level security. Clients behind it act as a role
 * that sees and writes the rows of one practice, the one for which the work at hand is done; without one, no rows at all.
 */

/** Owns nothing; made by the migrations. */
export const wallRole = 'nextvisit_practice';

/** The practice for which something is done: by its id, or by the SHA-256 of a patient's link. */
export type Inside = { practiceId: string } | { linkHash: string };

const places = new AsyncLocalStorage<Inside | null>();

/** Does some work, and all that follows from it in this process, for one practice; for none where it is null. */
export const inside = <T>(place: Inside | null, work: () => T): T => places.run(place, work);

/**
 * Puts a client behind the wall: each of its statements is sent together with, and right behind, one that says the practice,
 * on the same connection and without waiting for an answer. So a connection's last practice never counts for the next one.
 */
export function behindWall(client: Sql): Sql {
  const { unsafe, begin } = client;
  const behind = (statement: unknown) => {
    if (isStatement(statement)) {
      const practice = practiceSaid('session');
      const say = (options: object) => unsafe(practice, [], options) as unknown as Statement;
      statement.handler = () => sendBehind(say, statement);
    }
    return statement;
  };
  client.unsafe = ((...said: Parameters<typeof unsafe>) => behind(unsafe(...said))) as typeof unsafe;
  client.begin = ((work: (tx: TransactionSql) => unknown) =>
    (begin as (work: (tx: TransactionSql) => unknown) => unknown)((tx) => {
      // Not waited for: where it fails, so does all that follows it in the transaction.
      tx.unsafe(practiceSaid('transaction')).catch(() => {});
      return work(tx);
    })) as typeof begin;
  // Their statements would be sent by themselves.
  client.reserve = client.file = () => {
    throw new Error('behind the wall statements are sent one by one, or in a transaction');
  };
  return new Proxy(client, { apply: (target, self, said) => behind(Reflect.apply(target, self, said)) });
}

/** Of the client's own statements, what is used here: they are sent when somebody waits for them, and may stand in others. */
interface Statement {
  handler(statement: Statement): void;
  reject(reason: unknown): void;
  then(done: () => void, failed: () => void): void;
}

interface OneConnection {
  execute(statement: Statement): boolean;
  terminate(): void;
}

const isStatement = (made: unknown): made is Statement =>
  typeof made === 'object' && made !== null && 'handler' in made && 'then' in made;

function sendBehind(say: (options: object) => Statement, statement: Statement): void {
  let sent = false;
  let failed = false;
  const said = say({
    onexecute(connection: OneConnection) {
      sent = true;
      connection.execute(statement);
      // A value that can't be written down was found after its place in the line was taken.
      if (failed) connection.terminate();
      // Nothing else is sent on this connection before both are answered.
      return false;
    },
  });
  const { reject } = said;
  said.reject = (reason) => {
    failed = true;
    statement.reject(reason);
    reject(reason);
  };
  said.then(
    // The connection could take no more just then.
    () => sent || sendBehind(say, statement),
    () => {},
  );
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const hash = /^[\w-]{43}$/;

/** Says the practice of the work at hand, until another one is said or the transaction ends. */
function practiceSaid(until: 'session' | 'transaction'): string {
  const local = until === 'transaction';
  const place = places.getStore() ?? null;
  if (place && 'linkHash' in place && hash.test(place.linkHash))
    return `select set_config('app.practice', coalesce(practice_of_link('${place.linkHash}')::text, ''), ${local})`;
  const practiceId = place && 'practiceId' in place && uuid.test(place.practiceId) ? place.practiceId : '';
  return `set ${until === 'session' ? 'session' : 'local'} app.practice = '${practiceId}'`;
}

/** @throws where a client that should be behind the wall is not, saying what to do */
export async function assertWall(sql: Sql): Promise<void> {
  const found = await sql<{ role: string }[]>`select current_user as role`.catch((error) => {
    if (!/role "nextvisit_practice"/.test(error.message)) throw error;
  });
  if (found?.[0]?.role !== wallRole)
    throw new Error(
      `the user of DATABASE_URL cannot act as ${wallRole}: run the migrations, or let an administrator "grant ${wallRole} to" that user "with inherit false, set true"`,
    );
}
