/** The basic alphabet of an SMS and its extension (two places each): 3GPP TS 23.038. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('^{}\\[~]|€');

/** Writes a text in the alphabet: what it lacks loses its accent, typographic marks become plain ones, the rest a question mark. */
export function toGsm7(text: string): string {
  return [...text.normalize('NFC').replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/[–—]/g, '-').replace(/\u00a0|\u202f/g, ' ')]
    .map((letter) => (basic.has(letter) || extension.has(letter) ? letter : withoutAccent(letter)))
    .join('');
}

function withoutAccent(letter: string): string {
  const plain = letter.normalize('NFD').replace(/\p{M}/gu, '');
  return [...plain].every((one) => basic.has(one)) ? plain : '?';
}

/** How many places a text of the alphabet takes: 160 fit one segment. */
export function gsm7Length(text: string): number {
  return [...text].reduce((length, letter) => length + (extension.has(letter) ? 2 : 1), 0);
}

export const segmentLength = 160;
