/**
 * The language of templates. `{first}` is a field. `{first|your visit}` names what an SMS says where it can't carry the name.
 * `[ Call {phone}]` is left out of an SMS that grows too long; in an email brackets are brackets.
 */
export type FieldName =
  | 'practice'
  | 'first'
  | 'provider'
  | 'link'
  | 'phone'
  | 'until'
  | 'day'
  | 'time'
  | 'duration'
  | 'place';

/** By field, the name that stands for it in the braces. */
export type FieldWords = Record<FieldName, string>;

/** A run of words, or a field. `optional` numbers the brackets it stands in from 1; 0 outside of all. */
export type Piece = { optional: number } & ({ words: string } | { field: FieldName; otherwise: string | null });

/** What makes a text no template; `template_unknown_field` says which. */
export type TemplateFault =
  | { code: 'template_braces' | 'template_brackets' }
  | { code: 'template_unknown_field'; found: string };

/** Reads a template, or says the first thing that is wrong with it. */
export function readTemplate(text: string, names: FieldWords, brackets: boolean): Piece[] | TemplateFault {
  const pieces: Piece[] = [];
  let groups = 0;
  let optional = 0;
  for (const [token] of text.matchAll(brackets ? /\{[^{}]*\}|[{}]|[[\]]|[^{}[\]]+/g : /\{[^{}]*\}|[{}]|[^{}]+/g)) {
    if (token === '{' || token === '}') return { code: 'template_braces' };
    if (brackets && (token === '[' || token === ']')) {
      if ((token === '[') !== (optional === 0)) return { code: 'template_brackets' };
      optional = token === '[' ? ++groups : 0;
    } else if (token.startsWith('{')) {
      const field = fieldIn(token, names);
      if (!field) return { code: 'template_unknown_field', found: token };
      pieces.push({ ...field, optional });
    } else pieces.push({ words: token, optional });
  }
  return optional === 0 ? pieces : { code: 'template_brackets' };
}

function fieldIn(token: string, names: FieldWords): { field: FieldName; otherwise: string | null } | null {
  const [, name, otherwise = null] = /^\{([^|]*)(?:\|(.*))?\}$/s.exec(token)!;
  const asked = name!.trim().toLowerCase();
  const field = (Object.keys(names) as FieldName[]).find((one) => names[one] === asked);
  return field && (otherwise === null || field === 'first') ? { field, otherwise } : null;
}

/** The words with the fields filled in, and of what stands in brackets the first so many. */
export function fillTemplate(
  pieces: Piece[],
  wordsFor: (field: FieldName, otherwise: string | null) => string,
  brackets = Number.POSITIVE_INFINITY,
): string {
  return pieces
    .filter(({ optional }) => optional <= brackets)
    .map((piece) => ('words' in piece ? piece.words : wordsFor(piece.field, piece.otherwise)))
    .join('');
}

/** How many brackets there are. */
export const bracketsIn = (pieces: Piece[]): number => Math.max(0, ...pieces.map(({ optional }) => optional));
