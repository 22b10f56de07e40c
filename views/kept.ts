import { LRUCache } from 'lru-cache';
import type { VNode } from 'preact';
import { jsxEscape, jsxTemplate } from 'preact/jsx-runtime';
import { renderToString } from 'preact-render-to-string';
import type { Reader } from './reader.ts';

/** So many pictures of one component: some six megabytes of cards of the book. */
const mostKept = 2_000;

/** Where the token of the reader's forms goes, and before the place of a picture: nothing that is shown can say this. */
const tokenPlace = `token-${crypto.randomUUID()}`;
const mark = `picture-${crypto.randomUUID()}-`;

/** As it was drawn, in bytes: what stands between the places of the token. */
type Picture = Buffer[];

/** The pictures that hang in the page under way, each with its reader's token. A page is rendered in one go. */
let hung: { picture: Picture; token: Buffer }[] = [];

type WithForms = Pick<Reader, 'csrf'>;

/**
 * A component that is drawn once for each different props and then shown again as it was drawn. The props are plain data and
 * all that it depends on, so that what is kept is never out of date; the token of the reader's forms is put in each time.
 */
export function kept<Props extends object>(component: (props: Props & WithForms) => VNode) {
  const drawn = new LRUCache<string, Picture>({ max: mostKept });
  return function Kept({ csrf, ...props }: Props & WithForms): VNode {
    const key = keyOf(props);
    let picture = drawn.get(key);
    if (!picture) {
      picture = draw(component({ ...(props as unknown as Props), csrf: () => tokenPlace }));
      drawn.set(key, picture);
    }
    return hang(picture, csrf);
  };
}

/**
 * A component of something that stays the same object for as long as it says the same, and with which what was drawn of it
 * goes. The other props are plain data; few different ones are shown.
 */
export function keptWith<Thing extends object, Props extends object>(
  component: (props: { thing: Thing } & Props & WithForms) => VNode,
) {
  const drawn = new WeakMap<Thing, Map<string, Picture>>();
  return function KeptWith({ csrf, thing, ...props }: { thing: Thing } & Props & WithForms): VNode {
    const pictures = drawn.get(thing) ?? new Map<string, Picture>();
    drawn.set(thing, pictures);
    const key = keyOf(props);
    let picture = pictures.get(key);
    if (!picture) {
      picture = draw(component({ ...(props as unknown as Props), thing, csrf: () => tokenPlace }));
      pictures.set(key, picture);
    }
    return hang(picture, csrf);
  };
}

/** Renders in bytes, as they are sent: most of a page hangs in it as it was drawn before, and is copied. */
export function bytesOf(node: VNode, beginning = ''): Buffer {
  const around = hung;
  hung = [];
  try {
    const [first, ...others] = `${beginning}${renderToString(node)}`.split(mark);
    const pieces: Buffer[] = [Buffer.from(first!)];
    for (const text of others) {
      const end = text.indexOf(';');
      const { picture, token } = hung[Number(text.slice(0, end))]!;
      for (const [i, piece] of picture.entries()) pieces.push(...(i === 0 ? [piece] : [token, piece]));
      pieces.push(Buffer.from(text.slice(end + 1)));
    }
    return Buffer.concat(pieces);
  } finally {
    hung = around;
  }
}

const draw = (node: VNode): Picture =>
  bytesOf(node)
    .toString()
    .split(tokenPlace)
    .map((piece) => Buffer.from(piece));

function hang(picture: Picture, csrf: () => string): VNode {
  const token = Buffer.from(picture.length > 1 ? String(jsxEscape(csrf())) : '');
  return jsxTemplate([`${mark}${hung.push({ picture, token }) - 1};`]);
}

/**
 * All that the props say, in one text, for a third of what JSON costs. NUL, which no text of the database holds, ends each value.
 * Props of one component have the same properties in the same order.
 */
function keyOf(props: object): string {
  let key = '';
  for (const value of Object.values(props)) {
    if (value instanceof Date) key += `${value.getTime()}\0`;
    else if (typeof value === 'object' && value !== null) key += `{${keyOf(value)}}\0`;
    else if (typeof value === 'string') key += `${value}\0`;
    else key += `\0${value}\0`;
  }
  return key;
}
