import type { VNode } from 'preact';
import { jsxEscape, jsxTemplate } from 'preact/jsx-runtime';
import { renderToString } from 'preact-render-to-string';
import type { Reader } from './reader.ts';

/** So many pictures of one component: some six megabytes of cards of the book. */
const mostKept = 2_000;

/** Where the token of the reader's forms goes: nothing that is shown can say this. */
const tokenPlace = `token-${crypto.randomUUID()}`;

type WithForms = Pick<Reader, 'csrf'>;

/**
 * A component that is drawn once for each different props and then shown again as it was drawn. The props are plain data and
 * all that it depends on, so that what is kept is never out of date; the token of the reader's forms is put in each time.
 */
export function kept<Props extends object>(component: (props: Props & WithForms) => VNode) {
  const drawn = new Map<string, string[]>();
  return function Kept({ csrf, ...props }: Props & WithForms): VNode {
    const key = keyOf(props);
    let parts = drawn.get(key);
    if (!parts) {
      parts = draw(component({ ...(props as unknown as Props), csrf: () => tokenPlace }));
      if (drawn.size >= mostKept) drawn.delete(drawn.keys().next().value!);
      drawn.set(key, parts);
    }
    return withTokens(parts, csrf);
  };
}

/**
 * A component of something that stays the same object for as long as it says the same, and with which what was drawn of it
 * goes. The other props are plain data; few different ones are shown.
 */
export function keptWith<Thing extends object, Props extends object>(
  component: (props: { thing: Thing } & Props & WithForms) => VNode,
) {
  const drawn = new WeakMap<Thing, Map<string, string[]>>();
  return function KeptWith({ csrf, thing, ...props }: { thing: Thing } & Props & WithForms): VNode {
    const pictures = drawn.get(thing) ?? new Map<string, string[]>();
    drawn.set(thing, pictures);
    const key = keyOf(props);
    let parts = pictures.get(key);
    if (!parts) {
      parts = draw(component({ ...(props as unknown as Props), thing, csrf: () => tokenPlace }));
      pictures.set(key, parts);
    }
    return withTokens(parts, csrf);
  };
}

/** What lies between the places of the tokens, as one piece of memory: what the renderer answers is a tree of its many small parts. */
const draw = (node: VNode): string[] => Buffer.from(renderToString(node)).toString().split(tokenPlace);

function withTokens(parts: string[], csrf: () => string): VNode {
  const token = parts.length > 1 ? jsxEscape(csrf()) : '';
  return jsxTemplate(parts, ...parts.slice(1).map(() => token));
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
