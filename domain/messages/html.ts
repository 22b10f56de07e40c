/** Markup that is known to be safe: made by `html`, or vouched for by `raw`. */
export class Html {
  constructor(private readonly markup: string) {}
  toString(): string {
    return this.markup;
  }
}

export const raw = (markup: string) => new Html(markup);

/** A template whose values are escaped, for text and for quoted attributes, unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: (string | Html | Html[])[]): Html {
  return new Html(parts.map((part, i) => part + (i < values.length ? written(values[i]!) : '')).join(''));
}

function written(value: string | Html | Html[]): string {
  if (typeof value !== 'string') return Array.isArray(value) ? value.join('') : value.toString();
  return value.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
