import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { ChooseTimePage } from '../../../views/patientLinks/ChooseTimePage.tsx';
import { ClosedLinkPage } from '../../../views/patientLinks/ClosedLinkPage.tsx';
import { ConfirmationPage } from '../../../views/patientLinks/ConfirmationPage.tsx';
import { page, readerIn, wordsOf } from '../reader.ts';

const practice = { name: 'Lindegracht', phone: '+31 20 000 0010' };
const at = (time: string) => Date.parse(`2026-12-01T${time}:00+01:00`);
const times = { mornings: [at('08:30'), at('09:20')], afternoons: [at('13:15')] };

const choose = (more: Partial<Parameters<typeof ChooseTimePage>[0]> = {}, language: 'en' | 'nl' = 'en') =>
  parse(
    page(
      <ChooseTimePage
        reader={readerIn(language)}
        practice={practice}
        link="/b/token"
        first="Robin"
        provider="Dr Noor Beekman"
        minutes={45}
        place="Lindegracht 12"
        zone="Amsterdam"
        soonest={[...times.mornings, ...times.afternoons]}
        days={[{ day: '2026-12-01', ...times }]}
        laterFrom="2026-12-15"
        earlierFrom={null}
        answer={null}
        notice={null}
        {...more}
      />,
    ),
  );

describe('the page of times', () => {
  it('says for whom, with whom, how long and where', () => {
    const words = wordsOf(choose());
    for (const part of ['Choose a time for Robin', 'with Dr Noor Beekman', '45 minutes', 'Lindegracht 12']) {
      expect(words).toContain(part);
    }
  });

  it('makes each gap a button of a form, the soonest first', () => {
    const form = choose().querySelector('form[action="/b/token/hold"]')!;
    expect(form.getAttribute('method')).toBe('post');
    const starts = form
      .querySelectorAll('button[name="startsAt"]')
      .map((button) => Number(button.getAttribute('value')));
    expect(starts).toEqual([...times.mornings, ...times.afternoons, ...times.mornings, ...times.afternoons]);
  });

  it('names the day on every button, so that each makes sense by itself', () => {
    const labels = choose({}, 'nl')
      .querySelectorAll('.half-day button')
      .map((button) => button.getAttribute('aria-label'));
    expect(labels).toEqual(['dinsdag 1 december, 08:30', 'dinsdag 1 december, 09:20', 'dinsdag 1 december, 13:15']);
  });

  it('leads to later days, and says whom to call when there are none at all', () => {
    expect(choose().querySelector('a[href="/b/token?from=2026-12-15"]')).not.toBeNull();
    const none = choose({ soonest: [], days: [], laterFrom: null });
    expect(wordsOf(none)).toContain('Please call us on +31 20 000 0010');
    expect(none.querySelector('form[action="/b/token/hold"]')).toBeNull();
    const last = choose({ soonest: [], days: [], laterFrom: null, earlierFrom: '2026-12-01' });
    expect(wordsOf(last)).toContain('There are no free times in these days.');
    expect(wordsOf(last)).not.toContain('Please call us on');
  });

  it('lets the patient say something else than a time, also when there are none, and says what was said before', () => {
    for (const shown of [choose(), choose({ soonest: [], days: [], laterFrom: null })]) {
      const form = shown.querySelector('form[action="/b/token/answer"]')!;
      const buttons = form.querySelectorAll('button[name="answer"]').map((button) => button.getAttribute('value'));
      expect(buttons).toEqual(['no_time_suits', 'call_me']);
      expect(form.querySelector('a')!.getAttribute('href')).toBe('/b/token/not-for-me');
    }
    expect(wordsOf(choose({ answer: 'call_me' }, 'nl').querySelector('[role="status"]'))).toContain(
      'U vroeg ons u te bellen',
    );
    expect(choose().querySelector('[role="status"]')).toBeNull();
  });

  it('says when a time has just gone', () => {
    expect(wordsOf(choose({ notice: 'taken' }).querySelector('[role="alert"]'))).toContain('just gone');
  });

  it('is neither indexed nor in need of anything inline', () => {
    const shown = choose();
    expect(shown.querySelector('meta[name="robots"]')!.getAttribute('content')).toContain('noindex');
    expect(shown.querySelectorAll('[style], style, script:not([src])')).toEqual([]);
  });
});

it('the confirmation page says who, when, where and until when it is kept', () => {
  const provider = { id: null, title: 'Dr', name: 'Noor Beekman', hasPicture: false };
  const shown = (mayExtend: boolean, silent: ('sms' | 'email')[] = []) =>
    parse(
      page(
        <ConfirmationPage
          reader={readerIn()}
          practice={practice}
          link="/b/token"
          provider={provider}
          startsAt={new Date(at('09:20'))}
          minutes={45}
          place="Lindegracht 12"
          heldUntil={new Date(at('08:00'))}
          mayExtend={mayExtend}
          channels={['sms']}
          silent={silent}
        />,
      ),
    );
  const words = wordsOf(shown(true));
  for (const part of ['Dr Noor Beekman', 'Tuesday 1 December, 09:20', '45 minutes', 'Lindegracht 12', 'until 08:00']) {
    expect(words).toContain(part);
  }
  expect(shown(true).querySelector('form[action="/b/token/hold/extension"]')).not.toBeNull();
  expect(shown(false).querySelector('form[action="/b/token/hold/extension"]')).toBeNull();
  expect(shown(true).querySelector('[role="note"]')).toBeNull();
  expect(wordsOf(shown(true, ['email']).querySelector('[role="note"]'))).toContain('It comes by SMS.');
});

describe.each(['booked', 'cancelled', 'not_for_me', 'expired', 'replaced', 'withdrawn'] as const)(
  'the page of a link that is %s',
  (why) => {
    it('gives the practice’s telephone number, in both languages', () => {
      for (const language of ['en', 'nl'] as const) {
        const closed = parse(
          page(<ClosedLinkPage reader={readerIn(language)} practice={practice} link="/b/token" why={why} />),
        );
        expect(wordsOf(closed.querySelector('h1'))).toBe(readerIn(language).t.patientLinks.closed[why].title);
        expect(closed.querySelector('main a')!.getAttribute('href')).toBe('tel:+31200000010');
      }
    });
  },
);

it('a link that nobody was given names no practice', () => {
  const unknown = parse(page(<ClosedLinkPage reader={readerIn()} practice={null} why="unknown" />));
  expect(wordsOf(unknown)).not.toContain('Lindegracht');
  expect(unknown.querySelector('form')).toBeNull();
});
