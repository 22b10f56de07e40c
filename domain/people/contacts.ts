import { domainToASCII } from 'node:url';
import { type CountryCode, Metadata, type NumberingPlan, parsePhoneNumberFromString } from 'libphonenumber-js/mobile';

const regions: Record<string, CountryCode> = {
  'Europe/Amsterdam': 'NL',
  'Europe/Brussels': 'BE',
  'Europe/Berlin': 'DE',
  'Europe/Dublin': 'IE',
  'Europe/London': 'GB',
  'Europe/Paris': 'FR',
};

/** The country whose numbers are written without a country code in a practice of this time zone. */
export const phoneRegionOf = (timeZone: string): CountryCode => regions[timeZone] ?? 'NL';

/**
 * A mobile number in E.164, or null where it can be none. Judged by the lengths that mobile numbers have in its country, not
 * by which ranges are given out today: whether it takes an SMS, the carrier knows.
 */
export function readMobile(text: string, region: CountryCode): string | null {
  const trimmed = text.trim();
  if (!/^\+?[\d\s().\-/]{6,30}$/.test(trimmed)) return null;
  const parsed = parsePhoneNumberFromString(trimmed, { defaultCountry: region, extract: false });
  if (!parsed?.isPossible()) return null;
  const { nationalNumber, number } = parsed;
  return parsed.getPossibleCountries().some((country) => mobileLengths(country).includes(nationalNumber.length))
    ? number
    : null;
}

function mobileLengths(country: CountryCode): number[] {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  // The library's types leave out what its plans know of kinds of numbers.
  const plan = metadata.numberingPlan as
    | (NumberingPlan & { type(kind: 'MOBILE'): NumberingPlan | undefined })
    | undefined;
  return (plan?.type('MOBILE') ?? plan)?.possibleLengths() ?? [];
}

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** An email address with its domain in lower case and ASCII, or null where mail could not get there. */
export function readEmail(text: string): string | null {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, at);
  const host = domainToASCII(trimmed.slice(at + 1)).toLowerCase();
  if (at < 1 || local.length > 64 || trimmed.length > 254 || /[\s<>,;:]/.test(trimmed)) return null;
  return localPart.test(local) && domain.test(host) ? `${local}@${host}` : null;
}
