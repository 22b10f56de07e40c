import { setTimeout as pause } from 'node:timers/promises';
import { sql as query } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '../../drizzle/database.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase({ max: 2 });
  await db.sql`create table notes (id int)`;
});
afterAll(() => db?.drop());

const note = (tx: Tx, id: number) => tx.execute(query`insert into notes values (${id})`);
const cutConnectionOf = async (tx: Tx) => {
  const [row] = await tx.execute<{ pid: number }>(query`select pg_backend_pid() as pid`);
  await db.sql`select pg_terminate_backend(${row!.pid})`;
};
const noted = () => db.sql`select id from notes`;

describe('a transaction whose connection is lost', () => {
  it('fails as a whole, and the next one finds a connection that works', async () => {
    for (let round = 0; round < 50; round++) {
      const lost = db.database.transaction(async (tx) => {
        await note(tx, 1);
        await cutConnectionOf(tx);
        await note(tx, 2);
      });
      await expect(lost).rejects.toThrow();
      await db.database.transaction((tx) => tx.execute(query`select 1`));
    }
    expect(await noted()).toHaveLength(0);
  });

  it('does nothing more, although its work goes on and others have its connection meanwhile', async () => {
    let goOn = () => {};
    const later = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let refused: unknown;
    const lost = db.database.transaction(async (tx) => {
      await cutConnectionOf(tx);
      await later;
      refused = await note(tx, 3).then(
        () => null,
        (error) => error,
      );
    });
    await expect(lost).rejects.toThrow();
    await Promise.all(
      [4, 5].map((id) =>
        db.database.transaction(async (tx) => {
          await note(tx, id);
          goOn();
          await pause(100);
        }),
      ),
    );
    expect(refused).toBeInstanceOf(Error);
    expect((await noted()).map(({ id }) => id).sort()).toEqual([4, 5]);
  });
});
