import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;
/** Texts are filled up to a multiple of this, so that a seal does not tell a name's length. */
const stepLength = 32;

/** A text that may stand in an address, sealed with the newest secret; it opens for the same owner only. */
export function seal(secrets: string[], owner: string, text: string): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, keyOf(secrets[0]!), iv).setAAD(Buffer.from(owner));
  const plain = Buffer.from(text);
  const filling = Buffer.alloc(stepLength - (plain.length % stepLength), ' ');
  return Buffer.concat([
    iv,
    cipher.update(Buffer.concat([plain, filling])),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString('base64url');
}

/** The sealed text, without blanks at its end; empty for what was not sealed for this owner. */
export function unseal(secrets: string[], owner: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length <= ivLength + tagLength) return '';
  const [iv, text, tag] = [
    bytes.subarray(0, ivLength),
    bytes.subarray(ivLength, -tagLength),
    bytes.subarray(-tagLength),
  ];
  for (const secret of secrets) {
    try {
      const decipher = createDecipheriv(algorithm, keyOf(secret), iv, { authTagLength: tagLength });
      decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
      return Buffer.concat([decipher.update(text), decipher.final()])
        .toString()
        .trimEnd();
    } catch {
      // Sealed with another secret, for somebody else, or made up.
    }
  }
  return '';
}

const keyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'sealed for an address', 32));
