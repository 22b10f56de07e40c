import { gsm7Length, likenessInGsm7, segmentLength, smsSegments, toGsm7 } from './gsm7.ts';
import { piecesOf, type TextFault, templateFor } from './templateRules.ts';
import {
  type Fields,
  linkPlaceholder,
  type MessageKind,
  oneLine,
  type Template,
  texts,
  when,
  withLink,
} from './templates.ts';
import { bracketsIn, fillTemplate } from './templateText.ts';

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
 * An SMS of one segment in the alphabet GSM-7. When it grows too long, first goes what the template has in brackets, from its
 * end, then the provider's title, then the longest name loses letters at its end; never the link. At an address so long that
 * hardly a letter would be left, the text takes two segments.
 */
export function smsText(kind: MessageKind, fields: Fields): string {
  return written(kind, fields).text;
}

/** Whether names lose letters in the SMS. */
export const cutsNames = (kind: MessageKind, fields: Fields): boolean => written(kind, fields).cut;

/**
 * Whether an SMS by a template is longer than one segment for anybody, its names cut as short as they are cut.
 * @param longest the fields at their longest
 */
export function longFault(kind: MessageKind, template: Template, longest: Fields): TextFault | null {
  const { first, provider } = longest;
  // Somebody with a longer name may come, whose name is not cut shorter than this; or with one that can't be said.
  const others = { ...longest, first: first.padEnd(fewestLetters, 'x'), provider: provider.padEnd(fewestLetters, 'x') };
  const excess = (own: Fields['own']) =>
    Math.max(...[others, { ...others, first: nameless }].map((fields) => written(kind, { ...fields, own }).excess));
  const found = excess([{ ...template, kind, channel: 'sms' }]);
  // At an address as long as a text nothing fits one segment: then a text may be as long as the default.
  return found > excess([]) ? { code: 'template_sms_long', found: String(found) } : null;
}

/** A name without a likeness in the alphabet. */
const nameless = '字';

/** `excess`: by how many places it is longer than one segment; `cut`: names lost letters. */
function written(kind: MessageKind, fields: Fields): { text: string; excess: number; cut: boolean } {
  const { language } = fields;
  const pieces = piecesOf(templateFor(kind, 'sms', fields).body, 'sms', language);
  const brackets = bracketsIn(pieces);
  const others = { ...when(fields, 'shortDay'), phone: oneLine(fields.practice.phone), link: linkPlaceholder };
  const write = (names: Names, keptBrackets = 0) =>
    toGsm7(
      fillTemplate(
        pieces,
        (field, otherwise) => {
          if (field === 'first') return names.first ?? otherwise ?? texts[language].nameless;
          return field === 'practice' || field === 'provider' ? names[field] : others[field];
        },
        keptBrackets,
      ),
    );
  const url = 'x'.repeat(fields.linkLength ?? linkLength);
  const fits = (text: string) => smsSegments(withLink(text, url)) === 1;

  const names = namesOf(fields);
  for (let kept = brackets; kept >= 0; kept--) {
    const text = write(names, kept);
    if (fits(text)) return { text, excess: 0, cut: false };
  }
  const full = write(names);
  const shorter = { ...names, provider: withoutTitle(names.provider, fields.providerTitle) };
  while (!fits(write(shorter)))
    if (!shorten(shorter))
      return { text: full, excess: gsm7Length(withLink(write(shorter), url)) - segmentLength, cut: false };
  return { text: write(shorter), excess: 0, cut: true };
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
