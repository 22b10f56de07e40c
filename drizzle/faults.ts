/**
 * A fault for the log. What the database says about one may quote rows and parameters, so personal data: of that only codes
 * and names of tables are kept.
 */
export function faultOf(error: unknown): Record<string, unknown> {
  const cause = databaseErrorIn(error);
  if (cause) {
    const { code, severity, schema_name, table_name, column_name, constraint_name, routine } = cause;
    return {
      type: 'PostgresError',
      code,
      severity,
      schema_name,
      table_name,
      column_name,
      constraint_name,
      routine,
      stack: frames(error),
    };
  }
  if (!(error instanceof Error)) return { type: typeof error };
  return { type: error.name, message: error.message, code: (error as { code?: unknown }).code, stack: frames(error) };
}

/** PostgreSQL's own error, also where the query builder wrapped it. */
export function databaseErrorIn(error: unknown): (Record<string, string | undefined> & { code: string }) | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'PostgresError') return at as never;
  }
  return null;
}

/** The stack's lines without its message. */
function frames(error: unknown): string | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  return stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
