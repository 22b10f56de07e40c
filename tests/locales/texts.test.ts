import { describe, expect, it } from 'vitest';
import { en } from '../../locales/en/index.ts';
import { formats, type Language } from '../../locales/formats.ts';
import { nl } from '../../locales/nl/index.ts';
import { texts } from '../../locales/texts.ts';

const languages: [Language, object][] = [
  ['en', en],
  ['nl', nl],
];

/** Every text of a tree, by its path: 'book.statuses.booked'. */
function textsOf(tree: object, path = ''): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? textsOf(value, `${path}${key}.`)
      : [[`${path}${key}`, value] as [string, unknown]],
  );
}

type Text = (...values: never[]) => unknown;

/** How many values a text is given: a language that leaves one out has a shorter function, and is still given it. */
const given = new Map<string, number>();
for (const [path, text] of [...textsOf(en), ...textsOf(nl)]) {
  if (typeof text === 'function') given.set(path, Math.max(given.get(path) ?? 0, text.length));
}

/** Calls a text with values that can be found again; one that counts needs a number. */
function sayWithMarkers(path: string, text: Text): { said: string; markers: string[] } {
  const named = Array.from({ length: given.get(path)! }, (_, i) => `«${i}»`);
  try {
    const said = text(...(named as never[]));
    if (typeof said === 'string' && !said.includes('NaN')) return { said, markers: named };
  } catch {
    // It wants a number, a list or an object.
  }
  const counted = [41, 43, 47].slice(0, named.length);
  return { said: String(text(...(counted as never[]))), markers: counted.map(String) };
}

describe.each(languages)('the texts in %s', (language, tree) => {
  const all = textsOf(tree);

  it('are all there', () => {
    const empty = all.filter(([, text]) => typeof text === 'string' && text.trim() === '').map(([path]) => path);
    expect(empty).toEqual([]);
    expect(textsOf(texts(language)).length).toBe(all.length);
  });

  it('have the same names as in the other language', () => {
    const names = (other: object) =>
      textsOf(other)
        .map(([path]) => path)
        .sort();
    expect(names(tree)).toEqual(names(en));
  });

  it.each(all.filter(([, text]) => typeof text === 'function') as [string, Text][])(
    '%s says everything it is given',
    (path, text) => {
      const { said, markers } = sayWithMarkers(path, text);
      for (const marker of markers) expect(said).toContain(marker);
    },
  );
});

it('a text is not the same in both languages, but for names and words that are', () => {
  const dutch = new Map(textsOf(nl));
  const same = textsOf(en).filter(
    ([path, text]) => typeof text === 'string' && text.length > 14 && dutch.get(path) === text,
  );
  expect(same).toEqual([]);
});

describe('formats', () => {
  const at = Date.UTC(2026, 11, 7, 8, 20);

  it('are those of the practice’s zone, whatever the server’s', () => {
    expect(formats('en', 'Europe/Amsterdam').time(at)).toBe('09:20');
    expect(formats('en', 'America/New_York').time(at)).toBe('03:20');
  });

  it('follow the language', () => {
    expect(formats('nl', 'Europe/Amsterdam').longDay(at)).toBe('maandag 7 december');
    expect(formats('en', 'Europe/Amsterdam').longDay(at)).toBe('Monday 7 December');
    expect(formats('nl', 'Europe/Amsterdam').date('2026-12-07')).toBe('07-12-2026');
    expect(formats('en', 'Europe/Amsterdam').date('2026-12-07')).toBe('07/12/2026');
  });

  it('show a local day as it is written, in every zone', () => {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      expect(formats('en', zone).longDayOf('2026-12-07')).toBe('Monday 7 December');
    }
  });

  it('are made once for a language and a zone', () => {
    expect(formats('en', 'Europe/Paris')).toBe(formats('en', 'Europe/Paris'));
  });
});
