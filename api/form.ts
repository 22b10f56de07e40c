import type { z } from 'zod';

/** What was typed, by field, to fill the form again. */
export type Values = Record<string, string | string[]>;
/** Codes of locales' `problems`, by field. */
export type FieldErrors = Record<string, string>;

export type Parsed<T> = { ok: true; value: T } | { ok: false; values: Values; errors: FieldErrors };

/**
 * Reads a form by its schema, which rejects fields it does not know. Issues carry an error code as their message, or get
 * one by their kind; the first of a field counts.
 */
export function parseForm<Schema extends z.ZodType>(schema: Schema, body: unknown): Parsed<z.output<Schema>> {
  const { _csrf, ...values } = (body ?? {}) as Values;
  const parsed = schema.safeParse(values);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors: FieldErrors = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? 'form');
    errors[field] ??= /^[a-z_]+$/.test(issue.message) ? issue.message : issue.code === 'too_big' ? 'too_long' : 'invalid_value';
  }
  return { ok: false, values, errors };
}

/** A field that a browser sends once or many times, as checkboxes do. */
export const listOf = (value: unknown) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
