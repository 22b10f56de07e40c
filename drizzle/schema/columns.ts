import { sql } from 'drizzle-orm';
import { timestamp, uuid } from 'drizzle-orm/pg-core';

/** Primary key: a time-ordered uuid (version 7), made by PostgreSQL. */
export const id = () => uuid().primaryKey().default(sql`uuidv7()`);

/** An instant, with its zone; a `Date` in code. */
export const instant = () => timestamp({ withTimezone: true, mode: 'date', precision: 3 });

/** When the row was written. */
export const createdAt = () => instant().notNull().default(sql`clock_timestamp()`);
