import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookingLinks } from '../../drizzle/schema/index.ts';

/** The secrets that links are derived from, by their `key_id`; new links take the newest, older ones stay valid. */
export interface LinkKeys {
  newest: string;
  secrets: Readonly<Record<string, string>>;
  /** How many characters a link's URL has at the public address; an SMS leaves that much room. */
  urlLength?: number;
}

export type LinkPurpose = 'choose' | 'appointment';

interface LinkSource {
  id: string;
  keyId: string;
  version: number;
  purpose: LinkPurpose;
}

/** 132 bits in 22 base64url characters. */
export const tokenPattern = /^[A-Za-z0-9_-]{22}$/;

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
    .slice(0, 22);
}

/** The token again, when a message leaves. @throws LinkKeyFault when it no longer matches what was promised: the secret was changed. */
export function verifiedTokenOf(keys: LinkKeys, link: LinkSource & { tokenHash: string }): string {
  const token = tokenOf(keys, link);
  if (!timingSafeEqual(Buffer.from(hashOfToken(token)), Buffer.from(link.tokenHash))) {
    throw new LinkKeyFault(`the secret of the key ${link.keyId} was changed`);
  }
  return token;
}

/** The booking's living link for a purpose, and the next one that could be made. */
export interface LinkNow {
  living: string | null;
  id: string;
  version: number;
}

export async function readLink(tx: Tx, bookingId: string, purpose: LinkPurpose): Promise<LinkNow> {
  const [row] = await tx.execute<LinkNow & Record<string, unknown>>(sql`
    select max(id::text) filter (where replaced_at is null) as living, uuidv7() as id, coalesce(max(version), 0) + 1 as version
    from booking_links where booking_id = ${bookingId} and purpose = ${purpose}`);
  return row!;
}

/** The booking's living link for a purpose; made if there is none. Safe to repeat under the booking's lock. */
export async function ensureLink(
  tx: Tx,
  keys: LinkKeys,
  booking: { id: string; practiceId: string },
  purpose: LinkPurpose,
): Promise<string> {
  const link = await readLink(tx, booking.id, purpose);
  if (!link.living) await makeLink(tx, keys, booking, purpose, link);
  return link.living ?? link.id;
}

/** Makes the link that `readLink` saw to be the next, under the same lock. */
export async function makeLink(
  tx: Tx,
  keys: LinkKeys,
  booking: { id: string; practiceId: string },
  purpose: LinkPurpose,
  { id, version }: LinkNow,
): Promise<void> {
  const source = { id, version, keyId: keys.newest, purpose };
  await tx.insert(bookingLinks).values({
    ...source,
    practiceId: booking.practiceId,
    bookingId: booking.id,
    tokenHash: hashOfToken(tokenOf(keys, source)),
  });
}
