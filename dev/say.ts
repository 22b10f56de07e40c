/** Tells the person at the terminal what goes on; one call, one line. */
export type Say = (line: string) => void;

/** Puts the seconds since the start before each line. */
export function sayWithTime(began = Date.now()): Say {
  return (line) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}
