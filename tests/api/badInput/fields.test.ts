import { describe, it } from 'vitest';
import { built, encode, expectAccepted, expectRefused, type Fields, post, tryAll, useForms } from './forms.ts';

useForms();

/** Fields in which nearly any short text is right. */
const free =
  /^(note|q|body|description|name|reason|firstName|lastName|lastNamePrefix|to|from|password|street|postalCode|city|phone|title|shortName|smsSender|emailSenderName|code|nameEn|nameNl)(\.|$)/;

describe('a form', () => {
  it('is refused with a field that it does not have', async () => {
    const strange: Fields[] = [
      { surprise: 'x' },
      { practiceId: built.practice.id },
      { id: built.practice.id },
      { __proto__: 'x' } as Fields,
      { constructor: 'x' } as unknown as Fields,
      { toString: 'x' } as unknown as Fields,
      { 'note[0]': 'x' },
      { '': 'x' },
    ];
    await tryAll(
      async (form, language, said) => {
        for (const more of strange) {
          const body = new URLSearchParams([
            ...encode(form.fields),
            ...Object.entries(more),
            ...(Object.keys(more).length ? [] : [['__proto__', 'x']]),
          ] as [string, string][]);
          const answer = await post(form, language, body);
          expectRefused(answer, language, [422], `${said} with ${[...body.keys()].at(-1)}`);
        }
      },
      { byTurns: true },
    );
  });

  it('is refused with values that are far too long, sent twice, or nothing of the kind', async () => {
    const odd = ['-1', '99999999999999999999', "'; drop table patients; --", '2026-13-45', '25:00'];
    await tryAll(
      async (form, language, said) => {
        for (const [name, right] of Object.entries(form.fields)) {
          const instead = (values: string[]) => {
            const body = encode(form.fields);
            body.delete(name);
            for (const value of values) body.append(name, value);
            return body;
          };
          const tooLong = await post(form, language, instead(['x'.repeat(5_000)]));
          expectRefused(tooLong, language, [422], `${said} with ${name} too long`);
          if (!Array.isArray(right)) {
            expectRefused(
              await post(form, language, instead([right, right])),
              language,
              [422],
              `${said} with ${name} twice`,
            );
          }
          const first = [right].flat()[0]!;
          if (/^[0-9a-f-]{36}$/.test(first)) {
            for (const value of [
              'no-uuid',
              first.slice(0, 35),
              '00000000-0000-7000-8000-000000000000',
              `${first}'`,
              '../../x',
            ]) {
              expectRefused(
                await post(form, language, instead([value])),
                language,
                [404, 422],
                `${said} with ${name} ${value}`,
              );
            }
          }
          if (free.test(name)) continue;
          for (const value of odd) {
            const answer = await post(form, language, instead([value]));
            expectRefused(answer, language, [404, 409, 422], `${said} with ${name} ${value}`);
          }
        }
        const many = encode(form.fields);
        for (let count = 0; count < 2_000; count++) many.append('surprise', '');
        expectRefused(await post(form, language, many), language, [422], `${said} with 2,000 fields`);
      },
      { byTurns: true },
    );
  });

  it('is accepted after all that, so that each refusal was for what was wrong with it', expectAccepted);
});
