/** The basic alphabet of an SMS, and its extension (two places each): 3GPP TS 23.038. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('\f^{}\\[~]|€');

/** What no decomposition of Unicode leads to. */
const likenesses: Record<string, string> = {
  ...{
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ð: 'd',
    Ð: 'D',
    þ: 'th',
    Þ: 'Th',
    œ: 'oe',
    Œ: 'OE',
    ı: 'i',
    ħ: 'h',
    Ħ: 'H',
    ŋ: 'n',
    ə: 'e',
    ẞ: 'SS',
  },
  ...{
    '‘': "'",
    '’': "'",
    '‚': "'",
    '“': '"',
    '”': '"',
    '„': '"',
    '«': '"',
    '»': '"',
    '‐': '-',
    '‑': '-',
    '–': '-',
    '—': '-',
    '•': '-',
  },
};

/** Whether the text goes out in the alphabet as it stands. */
export const isGsm7 = (text: string) => [...text].every((letter) => basic.has(letter) || extension.has(letter));

/**
 * The text in the alphabet: letters that it lacks lose their accent (é stays, ë becomes e), typographic marks become plain
 * ones. Null when a letter has no likeness in it, as in names in other scripts.
 */
export function likenessInGsm7(text: string): string | null {
  const letters = [...text.normalize('NFC')].map(likeness);
  return letters.includes(null) ? null : letters.join('');
}

/** As `likenessInGsm7`, with question marks for letters without a likeness. */
export function toGsm7(text: string): string {
  return [...text.normalize('NFC')].map((letter) => likeness(letter) ?? '?').join('');
}

function likeness(letter: string): string | null {
  if (isGsm7(letter)) return letter;
  const plain = likenesses[letter] ?? letter.normalize('NFKD').replace(/[\p{M}\p{Cf}]/gu, '');
  return isGsm7(plain) ? plain : null;
}

/** How many places a text of the alphabet takes. */
export function gsm7Length(text: string): number {
  return [...text].reduce((length, letter) => length + (extension.has(letter) ? 2 : 1), 0);
}

/** Places of a message that goes out in one piece. */
export const segmentLength = 160;

/**
 * How many SMS a text is paid as: 160 places of the alphabet fit one, 153 each of several; with any other letter the whole
 * text goes out in UCS-2, and it is 70 and 67.
 */
export function smsSegments(text: string): number {
  const gsm7 = isGsm7(text);
  const widths = [...text].map((letter) => (gsm7 ? gsm7Length(letter) : letter.length));
  if (widths.reduce((sum, width) => sum + width, 0) <= (gsm7 ? segmentLength : 70)) return 1;
  // What takes two places is not parted between two messages.
  const room = gsm7 ? 153 : 67;
  let segments = 1;
  let taken = 0;
  for (const width of widths) {
    if (taken + width > room) {
      segments++;
      taken = 0;
    }
    taken += width;
  }
  return segments;
}
