import { sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Tx } from '../../drizzle/database.ts';
import * as tables from '../../drizzle/schema/index.ts';

/** In the order in which their rows may be written. */
const writtenInOrder = [
  tables.treatmentPlans,
  tables.plannedAppointments,
  tables.plannedServices,
  tables.departures,
  tables.bookings,
  tables.departureTasks,
  tables.bookingLinks,
  tables.messages,
  tables.demoInbox,
  tables.bookEntries,
  tables.followUps,
  tables.usageEvents,
  tables.workflowMessages,
] as const satisfies readonly PgTable[];

const rowsAStatement = 500;

/** Rows that wait to be written together, some statements for all of them. Ids are taken from PostgreSQL beforehand. */
export class Drafts {
  private readonly rows = new Map<PgTable, unknown[]>();
  private readonly ids: string[];
  readonly practiceId: string;

  private constructor(practiceId: string, ids: string[]) {
    this.practiceId = practiceId;
    this.ids = ids;
  }

  static async open(tx: Tx, practiceId: string): Promise<Drafts> {
    const rows = await tx.execute(sql`select uuidv7() as id from generate_series(1, 3000)`);
    return new Drafts(practiceId, (rows as unknown as { id: string }[]).map(({ id }) => id).reverse());
  }

  newId(): string {
    const id = this.ids.pop();
    if (!id) throw new Error('the demo practice has more rows than ids were taken for');
    return id;
  }

  add<T extends (typeof writtenInOrder)[number]>(table: T, row: Omit<T['$inferInsert'], 'practiceId'>): void {
    const waiting = this.rows.get(table) ?? [];
    this.rows.set(table, waiting);
    waiting.push({ ...row, practiceId: this.practiceId });
  }

  async write(tx: Tx): Promise<void> {
    for (const table of writtenInOrder) {
      const rows = this.rows.get(table) ?? [];
      for (let from = 0; from < rows.length; from += rowsAStatement) {
        await tx.insert(table as PgTable).values(rows.slice(from, from + rowsAStatement) as Record<string, unknown>[]);
      }
    }
  }
}
