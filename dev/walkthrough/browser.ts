import { type HTMLElement, parse } from 'node-html-parser';

/** A page as somebody got it. */
export interface Page {
  url: URL;
  status: number;
  html: HTMLElement;
  /** What stands on it, in one line. */
  text: string;
}

type Fields = Record<string, string | string[]>;

/** A browser without scripts, over HTTP alone: it keeps cookies, follows redirects and sends forms as they were filled. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly home: string) {}

  get(path: string): Promise<Page> {
    return this.go(new URL(path, this.home), { method: 'GET' });
  }

  /** Follows the first link with these words. */
  follow(page: Page, words: string): Promise<Page> {
    const link = page.html.querySelectorAll('a').find((one) => one.text.trim().includes(words));
    if (!link) throw new Error(`there is no link “${words}” on ${page.url.pathname}`);
    return this.go(new URL(link.getAttribute('href')!, page.url), { method: 'GET' });
  }

  /** The form that is sent to an address with this end, whatever it takes along. */
  formTo(page: Page, end: string): HTMLElement | null {
    const pathOf = (form: HTMLElement) => new URL(form.getAttribute('action') ?? '', page.url).pathname;
    return page.html.querySelectorAll('form').find((form) => pathOf(form).endsWith(end)) ?? null;
  }

  /** Sends a form as it stands, with some fields filled otherwise, by the button with these words (or its only one). */
  send(page: Page, form: HTMLElement | null, fields: Fields = {}): Promise<Page> {
    if (!form) throw new Error(`the form is not on ${page.url.pathname}: ${page.text.slice(0, 300)}`);
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filled(form), ...fields }))
      for (const one of [value].flat()) body.append(name, one);
    return this.go(new URL(form.getAttribute('action') ?? page.url.pathname, page.url), { method: 'POST', body });
  }

  private async go(url: URL, request: RequestInit): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...request,
      redirect: 'manual',
      headers: { cookie },
      signal: AbortSignal.timeout(15_000),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const at = pair!.indexOf('=');
      this.cookies.set(pair!.slice(0, at), pair!.slice(at + 1));
    }
    const location = response.headers.get('location');
    if (location) return this.go(new URL(location, url), { method: 'GET' });
    const html = parse(await response.text());
    const page = { url, status: response.status, html, text: html.text.replace(/\s+/g, ' ').trim() };
    if (response.status >= 400)
      throw new Error(`${url.pathname} answered ${response.status}: ${page.text.slice(0, 300)}`);
    return page;
  }
}

/** What a browser would send of a form: checked boxes, chosen options, typed texts; no buttons. */
function filled(form: HTMLElement): Fields {
  const fields: Fields = {};
  const put = (name: string | undefined, value: string) => {
    if (name) fields[name] = name in fields ? [fields[name]!, value].flat() : value;
  };
  for (const input of form.querySelectorAll('input')) {
    const type = input.getAttribute('type') ?? 'text';
    const isBox = type === 'checkbox' || type === 'radio';
    if (!isBox || input.hasAttribute('checked'))
      put(input.getAttribute('name'), input.getAttribute('value') ?? (isBox ? 'on' : ''));
  }
  for (const area of form.querySelectorAll('textarea')) put(area.getAttribute('name'), area.text);
  for (const select of form.querySelectorAll('select')) {
    const options = select.querySelectorAll('option');
    const chosen = options.find((option) => option.hasAttribute('selected')) ?? options[0];
    put(select.getAttribute('name'), chosen?.getAttribute('value') ?? '');
  }
  return fields;
}
