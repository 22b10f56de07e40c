/** What the tests may want of the process that owns their engines, and what it answers. */
export type Wanted = 'postgres' | 'temporal' | 'chromium';
export type Answer = { said: string } | { wanted: Wanted; failed: string } | { wanted: Wanted; found: object };

/** Migrated and empty; `freshDatabase` copies it. */
export const templateDatabase = 'nextvisit_template';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the database `postgres`, as a user who may do everything. */
    postgresUrl: string;
    temporalAddress: string;
    /** A file: the first worker of a run leaves the workflows' bundle there for the others. */
    workflowBundle: string;
    chromiumPath: string;
    /** Tells Chromium where its letters are, as FONTCONFIG_FILE. */
    chromiumFonts: string;
  }
}
