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
  const draw = (props: Props) => {
    const html = renderToString(component({ ...props, csrf: () => tokenPlace }));
    // As one piece of memory: what the renderer answers is a tree of its many small parts.
    return Buffer.from(html).toString().split(tokenPlace);
  };
  return function Kept({ csrf, ...props }: Props & WithForms): VNode {
    const key = keyOf(props);
    let parts = drawn.get(key);
    if (!parts) {
      parts = draw(props as unknown as Props);
      if (drawn.size >= mostKept) drawn.delete(drawn.keys().next().value!);
      drawn.set(key, parts);
    }
    return jsxTemplate(parts, ...parts.slice(1).map(() => jsxEscape(csrf())));
  };
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
