import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailBlocks, emailText } from '../../../domain/messages/email.ts';
import { isGsm7, smsSegments } from '../../../domain/messages/gsm7.ts';
import { linkLength, longFault, smsText } from '../../../domain/messages/sms.ts';
import { allowedFields, faultOf, partsOf, type TextPart, textOf } from '../../../domain/messages/templateRules.ts';
import { defaultTemplate, linkPlaceholder, texts, withLink } from '../../../domain/messages/templates.ts';
import { fields, kinds, languages } from './fields.ts';

const parts = ['sms', 'subject', 'email'] as const;
const everyText = languages.flatMap((language) =>
  kinds.flatMap((kind) => parts.map((part) => [language, kind, part] as const)),
);
const code = (text: string, part: TextPart = 'sms', kind: (typeof kinds)[number] = 'link') =>
  faultOf(kind, part, 'en', text)?.code ?? null;
const ownSms = (body: string) => [{ kind: 'link' as const, channel: 'sms' as const, subject: null, body }];
const ownEmail = (body: string, subject = 'Your visit') => [
  { kind: 'link' as const, channel: 'email' as const, subject, body },
];

describe('the default texts', () => {
  it.each(everyText)('are right themselves: %s, %s, %s', (language, kind, part) => {
    const template = defaultTemplate(kind, part === 'sms' ? 'sms' : 'email', language);
    expect(faultOf(kind, part, language, textOf(template, part))).toBeNull();
  });

  it('call the link the same in every language, and no two fields the same', () => {
    for (const language of languages) {
      expect(texts[language].fields.link).toBe('link');
      expect(new Set(Object.values(texts[language].fields)).size).toBe(Object.keys(texts[language].fields).length);
    }
  });
});

describe('a text of a practice', () => {
  it.each([
    ['', 'required'],
    ['  \n ', 'required'],
    ['Choose {link', 'template_braces'],
    ['Choose {link}}', 'template_braces'],
    ['{link} [call', 'template_brackets'],
    ['{link} call]', 'template_brackets'],
    ['{link} [a [b] c]', 'template_brackets'],
    ['{link} {lastName}', 'template_unknown_field'],
    ['{link} {day}', 'template_unknown_field'],
    ['{link} {place}', 'template_unknown_field'],
    ['{link} {provider|us}', 'template_unknown_field'],
    ['Call {phone}', 'template_link_missing'],
    ['Hello[ {link}]', 'template_link_missing'],
    ['{link} or {link}', 'template_link_twice'],
    ['{link} or[ {link}]', 'template_link_twice'],
    ['Вот {link}', 'sms_letters'],
    ['🦷 {link}', 'sms_letters'],
    ['{first|Мария} {link}', 'sms_letters'],
    ['{ First } {LINK}', null],
    ['“Zoë” – {link}', null],
  ])('%s: %s', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it('names what it does not know, as it stands there', () => {
    expect(faultOf('link', 'sms', 'nl', '{link} {achternaam}')).toMatchObject({ found: '{achternaam}' });
    expect(faultOf('link', 'sms', 'nl', '{link} {first}')).toMatchObject({ found: '{first}' });
    expect(faultOf('link', 'sms', 'nl', '{link} {plaats}')).toMatchObject({ found: '{plaats}' });
  });

  it('may do without the link in a confirmation and in a subject, where brackets are letters too', () => {
    expect(code('See you on {day}', 'sms', 'confirmation')).toBeNull();
    expect(code('A time [for you] at {practice}', 'subject')).toBeNull();
    expect(code('A time for {first}', 'subject')).toBe('template_unknown_field');
    expect(code('A time: {link}', 'subject')).toBe('template_unknown_field');
  });

  it('says of the patient no more than the first name, and in an SMS not where', () => {
    for (const kind of kinds) {
      expect(allowedFields[kind].sms).not.toContain('place');
      expect(allowedFields[kind].subject).not.toContain('first');
    }
  });

  it('never breaks what reads it, and what has no fault is filled without a trace of its fields', () => {
    const word = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '{first}',
      '{link}',
      '{first|you}',
      '{x}',
      ' and ',
      'é',
      '\n',
      '🦷',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const body = words.join('');
        for (const part of partsOf('sms')) if (faultOf('link', part, 'en', body) !== null) return;
        const text = smsText('link', fields({ own: ownSms(body) }));
        expect(text.split(linkPlaceholder)).toHaveLength(2);
        expect(text.replace(linkPlaceholder, '')).not.toMatch(/[{}[\]]/);
        const letter = emailText('link', fields({ own: ownEmail(body.replace(/[[\]]/g, '')) }));
        expect(letter.text.split(linkPlaceholder)).toHaveLength(2);
      }),
    );
  });
});

describe('an SMS by a practice’s text', () => {
  const sms = (body: string, changes: Parameters<typeof fields>[0] = {}) =>
    smsText('link', fields({ own: ownSms(body), ...changes }));

  it('fills its fields in', () => {
    expect(sms('Hi {first}, {practice}: {link} until {until}')).toBe('Hi Robin, De Kade: {link} until Mon 7 Dec');
  });

  it('says something else for a name that it can’t carry', () => {
    expect(sms('For {first|your child}: {link}', { first: 'Мария' })).toBe('For your child: {link}');
    expect(sms('For {first}: {link}', { first: 'Мария' })).toBe('For you: {link}');
    expect(sms('For {first|your child}: {link}')).toBe('For Robin: {link}');
  });

  it('leaves out what stands in brackets, the last first, before any name is cut', () => {
    const body = (words: string) => `{first} ${words}{link}[ Call {phone}][ Until {until}]`;
    expect(sms(body(''))).toBe('Robin {link} Call 020 000 0000 Until Mon 7 Dec');
    expect(sms(body(`${'x'.repeat(80)} `))).toMatch(/\{link\} Call 020 000 0000$/);
    expect(sms(body(`${'x'.repeat(105)} `))).toMatch(/^Robin x+ \{link\}$/);
  });

  it('is refused when it is longer than one segment however short the names are cut, and tells by how much', () => {
    const longest = fields({ first: 'Wilhelmina-Johanna', provider: 'Dr Noor Beekman van der Laan' });
    const fault = (words: number) =>
      longFault('link', { subject: null, body: `{first} {provider} ${'x'.repeat(words)} {link}` }, longest);
    // 45 for the link, three spaces, six letters for each name.
    expect(fault(100)).toBeNull();
    expect(fault(103)).toMatchObject({ code: 'template_sms_long', found: '3' });
  });

  it('may be as long as the default where the address leaves no room for either', () => {
    const longest = fields({ linkLength: 150 });
    expect(longFault('link', defaultTemplate('link', 'sms', 'en'), longest)).toBeNull();
    expect(longFault('link', { subject: null, body: `${'x'.repeat(99)} {link}` }, longest)?.code).toBe(
      'template_sms_long',
    );
  });

  it('is refused for what it says where a name can’t be carried, too', () => {
    const body = `{first|${'x'.repeat(120)}} {link}`;
    expect(longFault('link', { subject: null, body }, fields())).toMatchObject({ found: '6' });
  });

  it('fits one segment for everybody, when it does for the names on file', () => {
    const word = fc.constantFrom(
      ...[
        '{first}',
        '{first|somebody else}',
        '{practice}',
        '{provider}',
        '[{phone}]',
        'words of its own',
        '€',
        ' ',
        'ë',
      ],
    );
    const name = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), name, name, name, (words, onFile, first, provider) => {
        const body = `${words.join('')}{link}`;
        if (longFault('link', { subject: null, body }, fields({ first: onFile, provider: onFile }))) return;
        const sent = withLink(sms(body, { first, provider }), 'x'.repeat(linkLength));
        expect(isGsm7(sent)).toBe(true);
        expect(smsSegments(sent)).toBe(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives way to the default where it is no template, lest nobody get a link', () => {
    expect(sms('no link at all')).toBe(smsText('link', fields()));
    expect(emailText('link', fields({ own: ownEmail('{nothing}') })).text).toBe(emailText('link', fields()).text);
    expect(emailText('link', fields({ own: ownEmail('{link}', '{first}') })).text).toBe(
      emailText('link', fields()).text,
    );
  });
});

describe('an email by a practice’s text', () => {
  const body = 'Hello {first},\nnice.\n\nBook now: {link}\n\nWith: {provider}\nCall: {phone}\n\n<b>Bye</b> & thanks';
  const given = fields({ own: ownEmail(body, 'At {practice}') });

  it('is made of paragraphs, a button and facts', () => {
    expect(emailBlocks('link', given)).toMatchObject({
      subject: 'At Tandartsen De Kade',
      blocks: [
        { kind: 'paragraph', text: 'Hello Robin,\nnice.' },
        { kind: 'button', label: 'Book now' },
        {
          kind: 'facts',
          facts: [
            ['With', 'Dr Noor Beekman'],
            ['Call', '020\u00a0000\u00a00000'],
          ],
        },
        { kind: 'paragraph', text: '<b>Bye</b> & thanks' },
      ],
    });
  });

  it('is text, whatever was written: no markup of the practice’s becomes markup', () => {
    expect(emailText('link', given).html).toContain('&#60;b&#62;Bye&#60;/b&#62; &#38; thanks');
  });

  it('links within a sentence too, and names a button that has no words', () => {
    const { html } = emailText('link', fields({ own: ownEmail('Go to {link} at once.') }));
    expect(withLink(html, 'https://v.example/b/1')).toMatch(/Go to <a href="https:\/\/v.example\/b\/1"[^>]*>https:/);
    expect(emailBlocks('link', fields({ own: ownEmail('{link}') })).blocks).toEqual([
      { kind: 'button', label: 'Open the link' },
    ]);
  });
});
