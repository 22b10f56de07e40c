import { gsm7Length, likenessInGsm7, segmentLength, toGsm7 } from './gsm7.ts';
import { type Fields, linkPlaceholder, type MessageKind, oneLine, texts, when } from './templates.ts';

/** As long as a URL is taken to be where nobody knows the public address; a longer one leaves the names less room. */
export const linkLength = 45;

/** Names keep so many letters; where even that is too long for one segment, the whole text takes two. */
const fewestLetters = 6;

interface Names {
  practice: string;
  provider: string;
  /** Null: in a script that an SMS of one segment can't carry. */
  first: string | null;
}

/**
 * An SMS of one segment in the alphabet GSM-7. When it grows too long, first the telephone number goes, then the provider's
 * title, then the longest name loses letters at its end; never the link. At an address so long that hardly a letter would
 * be left, the text takes two segments.
 */
export function smsText(kind: MessageKind, fields: Fields): string {
  const write = ({ practice, provider, first }: Names) => {
    const { sms } = texts[fields.language];
    if (kind !== 'confirmation') return toGsm7(sms[kind](practice, first, provider, linkPlaceholder));
    const { day, time } = when(fields);
    return toGsm7(sms.confirmation(practice, first, day, time, provider, linkPlaceholder));
  };
  const room = segmentLength - (fields.linkLength ?? linkLength);
  const fits = (text: string) => gsm7Length(text.replace(linkPlaceholder, '')) <= room;
  const names = namesOf(fields);
  const full = write(names);
  const phone =
    kind === 'confirmation' ? '' : toGsm7(texts[fields.language].sms.preferToCall(oneLine(fields.practice.phone)));
  if (fits(full + phone)) return full + phone;
  if (fits(full)) return full;

  const shorter = { ...names, provider: withoutTitle(names.provider, fields.providerTitle) };
  while (!fits(write(shorter))) if (!shorten(shorter)) return full;
  return write(shorter);
}

const namesOf = ({ practice, provider, first }: Fields): Names => ({
  practice: toGsm7(oneLine(practice.shortName)),
  provider: toGsm7(oneLine(provider)),
  first: likenessInGsm7(oneLine(first)),
});

function withoutTitle(provider: string, title = ''): string {
  const prefix = `${toGsm7(oneLine(title))} `;
  return prefix.length > 1 && provider.startsWith(prefix) ? provider.slice(prefix.length) : provider;
}

/** Takes a letter from the longest of the names; of equals the provider's, the practice's, the patient's. False: none to spare. */
function shorten(names: Names): boolean {
  const length = (name: keyof Names) => gsm7Length(names[name] ?? '');
  const [longest] = (['provider', 'practice', 'first'] as const).toSorted((one, other) => length(other) - length(one));
  if (length(longest!) <= fewestLetters) return false;
  names[longest!] = names[longest!]!.slice(0, -1).trimEnd();
  return true;
}
