import { describe, expect, it } from 'vitest';
import { emailText } from '../../../domain/messages/email.ts';
import { linkPlaceholder, withLink } from '../../../domain/messages/templates.ts';
import { fields, kinds, languages, url } from './fields.ts';

const each = languages.flatMap((language) => kinds.map((kind) => [language, kind] as const));

describe('an email', () => {
  it('invites in English', () => {
    const { subject, text } = emailText('link', fields());
    expect(subject).toBe('Choose a time for your next appointment at Tandartsen De Kade');
    expect(text).toBe(
      [
        'Dear Robin,',
        'You can now choose the day and time of your next appointment with Dr Noor Beekman, whenever it suits you.',
        'Choose a time: {link}',
        'The link works until the end of Monday 7 December. You need no account or password.',
        'Would you rather call? You can reach us on 020\u00a0000\u00a00000.',
        'With kind regards,\nTandartsen De Kade',
      ].join('\n\n'),
    );
  });

  it('confirms in Dutch', () => {
    const { subject, text } = emailText('confirmation', fields({ language: 'nl' }));
    expect(subject).toBe('Uw afspraak op maandag 7 december om 09:20');
    expect(text).toBe(
      [
        'Beste Robin,',
        'Uw afspraak bij Dr Noor Beekman staat vast.',
        'Wanneer: maandag 7 december, 09:20\nDuur: 30 minuten\nWaar: Canal House, Voorbeeldkade 1',
        'Uw afspraak bekijken, wijzigen of afzeggen: {link}',
        'Open de bijlage om de afspraak in uw agenda te zetten.',
        'Belt u liever? U bereikt ons op 020\u00a0000\u00a00000.',
        'Met vriendelijke groet,\nTandartsen De Kade',
      ].join('\n\n'),
    );
  });

  it.each(each)('has one link, a language and a title: %s, %s', (language, kind) => {
    const { subject, text, html } = emailText(kind, fields({ language }));
    expect(text.split(linkPlaceholder)).toHaveLength(2);
    expect(html.split(linkPlaceholder)).toHaveLength(2);
    expect(withLink(html, url)).toContain(`<a href="${url}"`);
    expect(html.match(/<a /g)).toHaveLength(1);
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain(`<title>${subject}</title>`);
    expect(html).not.toMatch(/<table|<img|<script|undefined|\[object/);
  });

  it.each(each)('says the same in HTML as in plain text: %s, %s', (language, kind) => {
    const { text, html } = emailText(kind, fields({ language }));
    const words = (of: string) =>
      of
        .replace(/[{}\s:,]+/g, ' ')
        .split(' ')
        .filter(Boolean);
    const shown = words(html.replace(/^.*?<body[^>]*>/s, '').replace(/<[^>]+>/g, ' '));
    for (const word of words(text.replace(linkPlaceholder, ''))) expect(shown).toContain(word);
  });

  it.each(each)('renders script text harmless: %s, %s', (language, kind) => {
    const nasty = `"><script>alert('x')</script>&`;
    const { html } = emailText(
      kind,
      fields({
        language,
        first: nasty,
        provider: nasty,
        practice: { name: nasty, shortName: nasty, phone: nasty },
        appointment: { startsAt: new Date('2026-12-07T08:20:00Z'), minutes: 30, place: nasty },
      }),
    );
    expect(html).not.toContain('<script');
    expect(html).not.toContain(`alert('x')`);
    expect(html).toContain('&#60;script&#62;');
  });

  it.each(each)('keeps its subject on one line, and its link to itself: %s, %s', (language, kind) => {
    const nasty = 'De Kade\r\nBcc: all@example.com {link}';
    const { subject, text, html } = emailText(
      kind,
      fields({ language, first: nasty, provider: nasty, practice: { name: nasty, shortName: nasty, phone: nasty } }),
    );
    expect(subject).not.toMatch(/[\r\n]/);
    expect(subject).not.toContain(linkPlaceholder);
    for (const body of [text, html]) expect(body.split(linkPlaceholder)).toHaveLength(2);
  });
});
