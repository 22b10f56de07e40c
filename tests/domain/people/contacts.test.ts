import { describe, expect, it } from 'vitest';
import { phoneRegionOf, readEmail, readMobile } from '../../../domain/people/contacts.ts';

describe('a telephone number', () => {
  it.each([
    ['06 00 00 00 12', 'NL', '+31600000012'],
    ['06-00000012', 'NL', '+31600000012'],
    ['0031 6 00000012', 'NL', '+31600000012'],
    ['+31 (0)6 00000012', 'NL', '+31600000012'],
    ['07700 900123', 'GB', '+447700900123'],
    ['+44 7700 900123', 'NL', '+447700900123'],
  ] as const)('is kept in E.164: %s in %s', (typed, region, kept) => {
    expect(readMobile(typed, region)).toBe(kept);
  });

  it.each([
    '',
    '0',
    '06 123',
    '06 000000123456789',
    'call me',
    '06 00 00 00 12 after six',
    '+99 12345678',
    '06000000 12x3',
  ])('is refused: %s', (typed) => {
    expect(readMobile(typed, 'NL')).toBeNull();
  });

  it('belongs to the country of the practice’s zone where it names none', () => {
    expect(phoneRegionOf('Europe/Amsterdam')).toBe('NL');
    expect(phoneRegionOf('Europe/London')).toBe('GB');
  });
});

describe('an email address', () => {
  it.each([
    ['robin@example.com', 'robin@example.com'],
    [' r.o+dentist@mail.Example.COM ', 'r.o+dentist@mail.example.com'],
    ["o'brien@example.co.uk", "o'brien@example.co.uk"],
    ['info@münchen.example', 'info@xn--mnchen-3ya.example'],
  ])('is kept: %s', (typed, kept) => {
    expect(readEmail(typed)).toBe(kept);
  });

  it.each([
    '',
    'robin',
    'robin@',
    '@example.com',
    'robin@example',
    'robin@@example.com',
    'ro bin@example.com',
    'robin@example..com',
    '.robin@example.com',
    'robin.@example.com',
    'robin@-example.com',
    'robin@example.com, sam@example.com',
    'Robin <robin@example.com>',
    'robin@example.com\r\nbcc: x@example.com',
    `${'r'.repeat(65)}@example.com`,
    'robin@127.0.0.1',
  ])('is refused: %s', (typed) => {
    expect(readEmail(typed)).toBeNull();
  });
});
