import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGsm7, smsSegments } from '../../../domain/messages/gsm7.ts';
import { linkLength, smsText } from '../../../domain/messages/sms.ts';
import { linkPlaceholder, withLink } from '../../../domain/messages/templates.ts';
import { fields, kinds, languages } from './fields.ts';

describe('an SMS', () => {
  it.each([
    ['en', 'link', 'De Kade: choose a time for Robin with Dr Noor Beekman: {link} Prefer to call? 020 000 0000'],
    ['nl', 'link', 'De Kade: kies online een tijd voor Robin bij Dr Noor Beekman: {link} Liever bellen? 020 000 0000'],
    [
      'en',
      'reminder',
      'De Kade: reminder, choose a time for Robin with Dr Noor Beekman: {link} Prefer to call? 020 000 0000',
    ],
    [
      'nl',
      'reminder',
      'De Kade: herinnering, kies online een tijd voor Robin bij Dr Noor Beekman: {link} Liever bellen? 020 000 0000',
    ],
    [
      'en',
      'confirmation',
      'De Kade: Robin is booked for Mon 7 Dec, 09:20 with Dr Noor Beekman. Change or cancel: {link}',
    ],
    [
      'nl',
      'confirmation',
      'De Kade: afspraak voor Robin staat vast op ma 7 dec om 09:20 bij Dr Noor Beekman. Wijzigen of afzeggen: {link}',
    ],
  ] as const)('in %s, %s', (language, kind, text) => {
    expect(smsText(kind, fields({ language }))).toBe(text);
  });

  it('tells the time of the practice’s zone', () => {
    const appointment = { startsAt: new Date('2026-12-31T23:30:00Z'), minutes: 30, place: '' };
    expect(smsText('confirmation', fields({ appointment }))).toContain('Fri 1 Jan, 00:30');
    expect(smsText('confirmation', fields({ appointment, zone: 'Europe/London' }))).toContain('Thu 31 Dec, 23:30');
  });

  it('writes names as far as the alphabet goes', () => {
    const text = smsText(
      'link',
      fields({ first: 'Zoë', provider: 'Dr Anaïs Łukasz', practice: { name: '', shortName: 'Citroën', phone: '1' } }),
    );
    expect(text).toBe('Citroen: choose a time for Zoe with Dr Anais Lukasz: {link} Prefer to call? 1');
  });

  it.each([
    ['en', 'link', 'De Kade: choose a time for your visit with Dr Noor Beekman: {link} Prefer to call? 020 000 0000'],
    [
      'nl',
      'link',
      'De Kade: kies online een tijd voor uw bezoek bij Dr Noor Beekman: {link} Liever bellen? 020 000 0000',
    ],
    [
      'en',
      'confirmation',
      'De Kade: your visit is booked for Mon 7 Dec, 09:20 with Dr Noor Beekman. Change or cancel: {link}',
    ],
    [
      'nl',
      'confirmation',
      'De Kade: afspraak voor u staat vast op ma 7 dec om 09:20 bij Dr Noor Beekman. Wijzigen of afzeggen: {link}',
    ],
  ] as const)('does without a name in another script: %s, %s', (language, kind, text) => {
    expect(smsText(kind, fields({ language, first: 'Мария' }))).toBe(text);
  });

  it('grows shorter step by step: the telephone, the title, then letters of the longest name', () => {
    const provider = (length: number) => `Dr ${'Abcdefghij'.repeat(9).slice(0, length)}`;
    const text = (length: number) => smsText('link', fields({ provider: provider(length) }));
    // 38 places before the provider, 2 behind, 45 for the link, 29 for the telephone: 46 are left, or 75.
    expect(text(43)).toContain('Prefer to call?');
    expect(text(44)).toBe(`De Kade: choose a time for Robin with ${provider(44)}: {link}`);
    expect(text(72)).toContain(`with ${provider(72)}:`);
    expect(text(73)).toContain(`with ${provider(73).slice(3)}:`);
    expect(text(75)).toContain(`with ${provider(75).slice(3)}:`);
    expect(text(90)).toBe(text(75));
  });

  it.each(languages.flatMap((language) => kinds.map((kind) => [language, kind] as const)))(
    'is one segment with its whole link, whatever the names: %s, %s',
    (language, kind) => {
      const name = fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 90 }),
        fc.string({ unit: fc.constantFrom('€', 'Ł', 'ï', ' ', 'x'), maxLength: 200 }),
      );
      fc.assert(
        fc.property(name, name, name, name, (first, provider, shortName, phone) => {
          const practice = { name: shortName, shortName, phone };
          const text = smsText(
            kind,
            fields({ language, first, provider, providerTitle: provider.slice(0, 2), practice }),
          );
          expect(text.split(linkPlaceholder)).toHaveLength(2);
          const sent = withLink(text, 'x'.repeat(linkLength));
          expect(isGsm7(sent)).toBe(true);
          expect(smsSegments(sent)).toBe(1);
          expect(sent).not.toMatch(/[\n\r]/);
        }),
      );
    },
  );

  it('leaves the link the room it needs at the practice’s address', () => {
    const long = fields({ provider: `Dr ${'Abcdefghij'.repeat(9)}` });
    for (const length of [30, 46, 60]) {
      const sent = withLink(smsText('link', { ...long, linkLength: length }), 'x'.repeat(length));
      expect([smsSegments(sent), sent.length]).toEqual([1, 160]);
    }
  });

  it('takes two segments rather than cripple the names at an address as long as a text', () => {
    const text = smsText('link', fields({ linkLength: 120 }));
    expect(text).toBe('De Kade: choose a time for Robin with Dr Noor Beekman: {link}');
    expect(smsSegments(withLink(text, 'x'.repeat(120)))).toBe(2);
  });

  it('lets no name take the link’s place', () => {
    const text = smsText('link', fields({ first: 'Rob{link}in', provider: 'x {link}' }));
    expect(text).toBe('De Kade: choose a time for Robin with x: {link} Prefer to call? 020 000 0000');
  });
});

describe('putting the link in', () => {
  it('keeps every letter of the URL', () => {
    expect(withLink('a {link} b', 'https://v.example/$&$1')).toBe('a https://v.example/$&$1 b');
  });
});
