/** Tells the person at the terminal what goes on; one call, one line. */
export type Say = (line: string) => void;
