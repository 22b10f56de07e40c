import { and, eq } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { providers } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { lockProvider } from './providers.ts';

/** Edge of a portrait in pixels: four times as it is shown, for sharp screens. */
const edge = 288;
const smallestEdge = 72;
const mostPixels = 50_000_000;
const type = 'image/webp';

/** Whether the first bytes are a PNG's, a JPEG's or a WebP's. */
export function isPicture(bytes: Uint8Array): boolean {
  const begins = (text: string, at = 0) => Buffer.from(text, 'latin1').equals(bytes.subarray(at, at + text.length));
  return begins('\x89PNG\r\n\x1a\n') || begins('\xff\xd8\xff') || (begins('RIFF') && begins('WEBP', 8));
}

/**
 * A square portrait as WebP, drawn anew from a picture: turned upright, cut around what catches the eye, without places,
 * dates and whatever else the file carried.
 * @throws Refusal invalid at `picture`: not readable, smaller than it will be shown, or of more than 50 million pixels
 */
export async function portraitOf(picture: Uint8Array): Promise<Uint8Array> {
  if (!isPicture(picture)) throw new Refusal('invalid', 'picture');
  // Loaded when it is needed: a portrait is changed once in years.
  const { default: sharp } = await import('sharp');
  try {
    const drawn = sharp(picture, { limitInputPixels: mostPixels, failOn: 'error' }).autoOrient();
    const { width, height } = await drawn.metadata();
    if (Math.min(width, height) < smallestEdge) throw new Error('too small');
    return await drawn
      .resize(edge, edge, { fit: 'cover', position: sharp.strategy.attention })
      .flatten({ background: 'white' })
      .webp({ quality: 85 })
      .toBuffer();
  } catch {
    throw new Refusal('invalid', 'picture');
  }
}

/** Gives a provider a portrait, or takes it away. @throws Refusal not_found */
export async function changePortrait(
  tx: Tx,
  by: Staff,
  providerId: string,
  portrait: Uint8Array | null,
): Promise<void> {
  await lockProvider(tx, by, providerId);
  await tx
    .update(providers)
    .set({ picture: portrait, pictureType: portrait && type })
    .where(and(eq(providers.practiceId, by.practiceId), eq(providers.id, providerId)));
  await audit(tx, by, 'provider.changed', {}, { providerId, fields: 'picture' });
  await notifyLive(tx, by.practiceId, 'book');
}
