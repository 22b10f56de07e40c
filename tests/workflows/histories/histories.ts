import { fileURLToPath } from 'node:url';

/** A folder for each generation of the workflow, numbered, of a history for each stage. */
export const historiesFolder = fileURLToPath(new URL('generations/', import.meta.url));
