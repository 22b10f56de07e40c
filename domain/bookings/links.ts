import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookingLinks } from '../../drizzle/schema/index.ts';
import { type LinkPurpose, tokenLength } from './linkPath.ts';

export type { LinkPurpose };

/** The secrets that links are derived from, by their `key_id`; new links take the newest, older ones stay valid. */
export interface LinkKeys {
  newest: string;
  secrets: Readonly<Record<string, string>>;
  /** How many characters a link's URL has at the public address; an SMS leaves that much room. */
  urlLength?: number;
}

interface LinkSource {
  id: string;
  keyId: string;
  version: number;
  purpose: LinkPurpose;
}

export const tokenPattern = new RegExp(`^[A-Za-z0-9_-]{${tokenLength}}$`);

export const hashOfToken = (token: string) => createHash('sha256').update(token).digest('base64url');

/** LINK_SECRETS does not fit the links that are out: a mistake in the configuration. Names keys, never secrets. */
export class LinkKeyFault extends Error {
  override readonly name = 'LinkKeyFault';
}

/** @throws LinkKeyFault when the link's key is no longer on the ring */
export function tokenOf(keys: LinkKeys, link: LinkSource): string {
  const secret = keys.secrets[link.keyId];
  if (!secret) throw new LinkKeyFault(`LINK_SECRETS lacks the key ${link.keyId}`);
  return createHmac('sha256', secret)
    .update(`${link.id} ${link.version} ${link.purpose}`)
    .digest('base64url')
    .slice(0, tokenLength);
}

/** The token again, when a message leaves. @throws LinkKeyFault when it no longer matches what was promised: the secret was changed. */
export function verifiedTokenOf(keys: LinkKeys, link: LinkSource & { tokenHash: string }): string {
  const token = tokenOf(keys, link);
  if (!timingSafeEqual(Buffer.from(hashOfToken(token)), Buffer.from(link.tokenHash))) {
    throw new LinkKeyFault(`the secret of the key ${link.keyId} was changed`);
  }
  return token;
}

export type BookingLink = typeof bookingLinks.$inferSelect;

/** The booking's living link for a purpose, or what the next one is made of. */
export interface LinkNow {
  living: BookingLink | null;
  next: { id: string; version: number };
}

export async function readLink(tx: Tx, bookingId: string, purpose: LinkPurpose): Promise<LinkNow> {
  const ofPurpose = and(eq(bookingLinks.bookingId, bookingId), eq(bookingLinks.purpose, purpose));
  const [row] = await tx
    .select({
      living: bookingLinks,
      id: sql<string>`uuidv7()`,
      version: sql<number>`(select coalesce(max(version), 0) + 1 from ${bookingLinks} where ${ofPurpose})`,
    })
    .from(sql`(select) as one`)
    .leftJoin(bookingLinks, and(ofPurpose, isNull(bookingLinks.replacedAt)));
  const { living, ...next } = row!;
  return { living, next };
}

/** The booking's living link for a purpose; made if there is none. Safe to repeat under the booking's lock. */
export async function ensureLink(
  tx: Tx,
  keys: LinkKeys,
  booking: { id: string; practiceId: string },
  purpose: LinkPurpose,
): Promise<string> {
  const { living, next } = await readLink(tx, booking.id, purpose);
  return living?.id ?? (await makeLink(tx, keys, booking, purpose, next)).id;
}

/** Makes the link that `readLink` saw to be the next, under the same lock. */
export async function makeLink(
  tx: Tx,
  keys: LinkKeys,
  booking: { id: string; practiceId: string },
  purpose: LinkPurpose,
  next: LinkNow['next'],
): Promise<BookingLink> {
  const source = { ...next, keyId: keys.newest, purpose };
  const [link] = await tx
    .insert(bookingLinks)
    .values({
      ...source,
      practiceId: booking.practiceId,
      bookingId: booking.id,
      tokenHash: hashOfToken(tokenOf(keys, source)),
    })
    .returning();
  return link!;
}
