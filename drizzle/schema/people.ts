import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from './columns.ts';
import { chairs, language, locations, practices } from './practice.ts';

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
const lexemes = customType<{ data: string }>({ dataType: () => 'tsvector' });

export const providers = pgTable(
  'providers',
  {
    id: id(),
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    title: text().notNull().default(''),
    name: text().notNull(),
    /** One of the look's provider colours, 1 to 8. */
    colour: integer().notNull().default(1),
    picture: bytes(),
    pictureType: text(),
    active: boolean().notNull().default(true),
    createdAt: createdAt(),
  },
  (t) => [unique().on(t.practiceId, t.id), check('providers_colour', sql`${t.colour} between 1 and 8`)],
);

/** How a provider may be booked online; no row, or not bookable: no online button. */
export const providerOnlineBooking = pgTable(
  'provider_online_booking',
  {
    providerId: uuid().primaryKey(),
    practiceId: uuid().notNull(),
    bookable: boolean().notNull().default(false),
    /** How far ahead times are offered. */
    daysAhead: integer().notNull().default(90),
    /** The least time between now and an offered start. */
    earliestNoticeMinutes: integer().notNull().default(240),
  },
  (t) => [
    foreignKey({ columns: [t.practiceId, t.providerId], foreignColumns: [providers.practiceId, providers.id] }),
    check(
      'provider_online_booking_limits',
      sql`${t.daysAhead} between 1 and 365 and ${t.earliestNoticeMinutes} between 0 and 20160`,
    ),
  ],
);

/** The chairs that an online booking with this provider may take, in order of preference. */
export const providerOnlineChairs = pgTable(
  'provider_online_chairs',
  {
    providerId: uuid().notNull(),
    chairId: uuid().notNull(),
    practiceId: uuid().notNull(),
    position: integer().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.providerId, t.chairId] }),
    foreignKey({ columns: [t.practiceId, t.providerId], foreignColumns: [providers.practiceId, providers.id] }),
    foreignKey({ columns: [t.practiceId, t.chairId], foreignColumns: [chairs.practiceId, chairs.id] }),
  ],
);

export const workingHours = pgTable(
  'working_hours',
  {
    practiceId: uuid().notNull(),
    providerId: uuid().notNull(),
    locationId: uuid().notNull(),
    weekday: integer().notNull(),
    fromMinute: integer().notNull(),
    untilMinute: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.providerId, t.locationId, t.weekday, t.fromMinute] }),
    foreignKey({ columns: [t.practiceId, t.providerId], foreignColumns: [providers.practiceId, providers.id] }),
    foreignKey({ columns: [t.practiceId, t.locationId], foreignColumns: [locations.practiceId, locations.id] }),
    check(
      'working_hours_times',
      sql`${t.weekday} between 1 and 7 and ${t.fromMinute} >= 0 and ${t.fromMinute} < ${t.untilMinute} and ${t.untilMinute} <= 1440`,
    ),
  ],
);

export const role = pgEnum('role', ['provider', 'receptionist', 'manager']);

export const users = pgTable(
  'users',
  {
    id: id(),
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    email: text().notNull(),
    name: text().notNull(),
    role: role().notNull(),
    passwordHash: text().notNull(),
    language: language().notNull().default('en'),
    /** A user who treats sees the own day first. */
    providerId: uuid(),
    /** The working location. */
    locationId: uuid(),
    active: boolean().notNull().default(true),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    uniqueIndex('users_email').on(sql`lower(${t.email})`),
    foreignKey({ columns: [t.practiceId, t.providerId], foreignColumns: [providers.practiceId, providers.id] }),
    foreignKey({ columns: [t.practiceId, t.locationId], foreignColumns: [locations.practiceId, locations.id] }),
  ],
);

/** Staff sessions; the cookie's id is stored as its SHA-256. A revoked session is a deleted row. */
export const sessions = pgTable(
  'sessions',
  {
    idHash: text().primaryKey(),
    userId: uuid().references(() => users.id),
    data: jsonb().notNull(),
    expiresAt: instant().notNull(),
    createdAt: createdAt(),
  },
  (t) => [index().on(t.userId), index().on(t.expiresAt)],
);

export const contactOwner = pgEnum('contact_owner', ['patient', 'parent', 'carer']);

export const patients = pgTable(
  'patients',
  {
    id: id(),
    practiceId: uuid()
      .notNull()
      .references(() => practices.id),
    /** The number on the file, counted within the practice. */
    number: integer().notNull(),
    firstName: text().notNull(),
    /** Dutch names sort by the last name without what stands before it: van, de, van der. */
    lastNamePrefix: text().notNull().default(''),
    lastName: text().notNull(),
    birthDate: date({ mode: 'string' }).notNull(),
    email: text(),
    /** E.164. */
    mobile: text(),
    /** Whose email and mobile these are. */
    contactOwner: contactOwner().notNull().default('patient'),
    /** Messages and pages for this patient; none: the practice's language. */
    language: language(),
    providerId: uuid(),
    note: text().notNull().default(''),
    /** When contacts, links and texts were erased at the patient's wish; the rest follows when the law no longer asks for it. */
    erasureAskedAt: instant(),
    /** When nothing was left that says who it was. */
    erasedAt: instant(),
    /** For the search: each word of the name without its accents, behind the practice's id. */
    nameWords: lexemes().generatedAlwaysAs(
      sql`name_words("practice_id", "first_name", "last_name_prefix", "last_name")`,
    ),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    unique().on(t.practiceId, t.number),
    foreignKey({ columns: [t.practiceId, t.providerId], foreignColumns: [providers.practiceId, providers.id] }),
    // Searched while somebody types, and seldom written: nothing waits to be put into it.
    index('patients_name_words').using('gin', t.nameWords).with({ fastupdate: false }),
    index('patients_birth_date').on(t.practiceId, t.birthDate),
    index('patients_mobile').on(t.mobile).where(sql`${t.mobile} is not null`),
    index('patients_to_erase').on(t.id).where(sql`${t.erasureAskedAt} is not null and ${t.erasedAt} is null`),
  ],
);
