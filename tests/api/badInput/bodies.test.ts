import { describe, expect, it } from 'vitest';
import { texts } from '../../../locales/texts.ts';
import { visitor } from '../../desk.ts';
import { app, encode, expectAccepted, expectRefused, post, sendRaw, tryAll, useForms } from './forms.ts';

useForms();

describe('a form', () => {
  it('is refused without its token, or with somebody else’s', async () => {
    const stolen = /name="_csrf" value="([^"]+)"/.exec((await visitor(app).get('/sign-in')).body)![1]!;
    await tryAll(async (form, language, said) => {
      for (const token of [null, '', 'made-up', stolen]) {
        const fields = token === null ? form.fields : { ...form.fields, _csrf: token };
        const answer = await sendRaw(form, language, encode(fields).toString());
        expectRefused(answer, language, [403], `${said} with the token ${token}`);
        expect(answer.body).toContain(texts(language).problems.pages.form_expired);
      }
    });
  });

  it('is refused as anything but a form', async () => {
    await tryAll(async (form, language, said) => {
      const types = ['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'application/xml', 'x', null];
      for (const type of types) {
        const answer = await sendRaw(form, language, JSON.stringify(form.fields), type);
        expectRefused(answer, language, [415], `${said} as ${type}`);
        expect(answer.body).toContain(texts(language).problems.pages.wrong_type);
      }
    });
  });

  it('is refused when it is too large', async () => {
    const large = Buffer.alloc(10_000_000, 'x');
    await tryAll(async (form, language, said) => {
      const answer = await sendRaw(form, language, large);
      expectRefused(answer, language, [413], said);
      expect(answer.body).toContain(texts(language).problems.pages.too_large);
    });
  });

  it('is refused when it is no text: broken UTF-8, and the character NUL', async () => {
    const broken = [
      Buffer.from('note=\xff\xfe', 'latin1'),
      'note=%ff%fe',
      'note=%c3%28',
      '%ff=x',
      'note=%ed%a0%80',
      'note=a%00b',
      '%00=x',
      'note=x&note=%00',
    ];
    await tryAll(async (form, language, said) => {
      for (const payload of broken) {
        expectRefused(await sendRaw(form, language, payload), language, [400], `${said} ${payload}`);
      }
    });
  });

  it('is refused under an address whose id is none', async () => {
    await tryAll(async (form, language, said) => {
      const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
      if (!id.test(form.url)) return;
      for (const odd of [
        'x',
        '1',
        "'",
        '%27',
        '0'.repeat(36),
        `${id.exec(form.url)![0]}0`,
        '%F0%9F%A6%B7',
        '..%2f..',
        '1%20or%201=1',
      ]) {
        const answer = await post(form, language, encode(form.fields), form.url.replace(id, odd));
        expectRefused(answer, language, [404], `${said} under ${odd}`);
      }
      const broken = await post(form, language, encode(form.fields), form.url.replace(id, '%E0%A4%A'));
      expect(broken.statusCode).toBe(400);
    });
  });

  it('is accepted after all that, so that each refusal was for what was wrong with it', expectAccepted);
});
