import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';

/** What was typed, by field, to fill the form again. */
export type Values = Record<string, string | string[]>;
/** Codes of locales' `problems.fields`, by field. */
export type FieldErrors = Record<string, string>;

/** Reads what browsers send of forms and queries. A field sent more than once, as checkboxes are, becomes a list. */
export function fieldsOf(encoded: string): Values {
  const fields: Values = Object.create(null);
  for (const [name, value] of new URLSearchParams(encoded)) {
    const before = fields[name];
    fields[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return fields;
}

export interface NotAccepted {
  ok: false;
  submitted: true;
  values: Values;
  errors: FieldErrors;
}
export type Parsed<T> = { ok: true; submitted: true; value: T; values: Values } | NotAccepted;

/**
 * Reads a form by its schema, which should be strict. Issues carry an error code as their message, or get one by their kind;
 * the first of a field counts. What belongs to no field stands under `form`.
 */
export function parseForm<Schema extends z.ZodType>(schema: Schema, body: unknown): Parsed<z.output<Schema>> {
  const { _csrf, ...values } = (body ?? {}) as Values;
  const parsed = schema.safeParse(values);
  if (parsed.success) return { ok: true, submitted: true, value: parsed.data, values };
  const errors: FieldErrors = {};
  for (const issue of parsed.error.issues) errors[String(issue.path[0] ?? 'form')] ??= codeOf(issue);
  return { ok: false, submitted: true, values, errors };
}

/** For a form that is a button and nothing else. @throws Refusal invalid when it brings any field beside its token */
export function expectNoFields(body: unknown): void {
  if (!parseForm(noFields, body).ok) throw new Refusal('invalid');
}

const noFields = z.strictObject({});

/** Hands an accepted form to a verb. What the verb refuses because of a field comes back as that field's error. */
export async function submit<T, Done>(form: Parsed<T>, verb: (value: T) => Promise<Done>): Promise<Parsed<Done>> {
  if (!form.ok) return form;
  const { values } = form;
  try {
    return { ok: true, submitted: true, value: await verb(form.value), values };
  } catch (error) {
    if (error instanceof Refusal && error.field)
      return { ok: false, submitted: true, values, errors: { [error.field]: error.code } };
    throw error;
  }
}

/** Reads the part of a URL's query that the schema knows. @throws 400 when it does not fit */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, query: unknown): z.output<Schema> {
  const parsed = schema.safeParse(query ?? {});
  if (parsed.success) return parsed.data;
  throw Object.assign(new Error('the query does not fit'), { statusCode: 400 });
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (/^[a-z]+(_[a-z]+)*$/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'unknown_field';
    case 'too_big':
      return 'too_long';
    case 'invalid_value':
      return 'unknown_choice';
    case 'invalid_type':
      return issue.input === undefined ? 'required' : 'invalid_value';
    default:
      return 'invalid_value';
  }
}
