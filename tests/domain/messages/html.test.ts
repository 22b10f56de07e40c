import { describe, expect, it } from 'vitest';
import { html, raw } from '../../../domain/messages/html.ts';

describe('the html template', () => {
  it('escapes values for text and for quoted attributes', () => {
    expect(html`<a title="${`"'<>&`}">${'<b>'}</a>`.toString()).toBe(
      '<a title="&#34;&#39;&#60;&#62;&#38;">&#60;b&#62;</a>',
    );
  });

  it('keeps markup that is its own or vouched for', () => {
    expect(html`${[html`<i>${'a&b'}</i>`, raw('<hr>')]}${html`<br>`}`.toString()).toBe('<i>a&#38;b</i><hr><br>');
  });
});
