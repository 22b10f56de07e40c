import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsm7Length, isGsm7, likenessInGsm7, smsSegments, toGsm7 } from '../../../domain/messages/gsm7.ts';

describe('writing in GSM-7', () => {
  it.each(['Renée', 'Hélène', 'Jörg Müller', 'Ñuria à', 'Nuñez', 'Søren Åkesson', 'Æsa', 'Weiß', '€ 12', '[~]'])(
    'leaves %s as it is',
    (text) => {
      expect(isGsm7(text)).toBe(true);
      expect(toGsm7(text)).toBe(text);
    },
  );

  it.each([
    ['Zoë', 'Zoe'],
    ['Loïs', 'Lois'],
    ['Anaïs Citroën', 'Anais Citroen'],
    ['José Ángel', 'José Angel'],
    ['François', 'Francois'],
    ['Çelik', 'Çelik'],
    ['Łukasz Wałęsa', 'Lukasz Walesa'],
    ['Đorđe', 'Dorde'],
    ['Œdipe', 'OEdipe'],
    ['Þóra', 'Thora'],
    ['ĳsbrand', 'ijsbrand'],
    ['Şule Yıldız', 'Sule Yildiz'],
    ['Nguyễn', 'Nguyen'],
    ['d’Hondt – “De Kade” …', 'd\'Hondt - "De Kade" ...'],
    ['a\u00a0b\u202fc\u200bd', 'a b cd'],
    ['Zoe\u0308', 'Zoe'],
  ])('writes %s as %s', (text, written) => {
    expect(isGsm7(text)).toBe(text === written);
    expect(likenessInGsm7(text)).toBe(written);
  });

  it.each(['Мария', 'محمد', '美咲', 'Ana 🦷'])('has no likeness of %s', (text) => {
    expect(likenessInGsm7(text)).toBeNull();
    expect(toGsm7(text)).toContain('?');
  });

  it('always ends in the alphabet, and changes nothing a second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const written = toGsm7(text);
        return isGsm7(written) && toGsm7(written) === written;
      }),
    );
  });
});

describe('counting SMS', () => {
  it('counts the extension twice', () => expect(gsm7Length('a€[é')).toBe(6));

  it.each([
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
  ])('pays %i places of the alphabet as %i', (places, segments) => {
    expect(smsSegments('é'.repeat(places))).toBe(segments);
  });

  it.each([
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
  ])('pays %i letters with one outside the alphabet as %i', (letters, segments) => {
    expect(smsSegments('ë'.repeat(letters))).toBe(segments);
  });

  it('parts nothing that takes two places', () => {
    expect(smsSegments('€'.repeat(80))).toBe(1);
    // 153 is odd: 76 signs fit one of several messages, and the third is needed for 153 of them.
    expect(smsSegments('€'.repeat(152))).toBe(2);
    expect(smsSegments('€'.repeat(153))).toBe(3);
    expect(smsSegments('🦷'.repeat(35))).toBe(1);
    expect(smsSegments('🦷'.repeat(67))).toBe(3);
  });
});
