/** The book's grid has a row for every five minutes. */
export const rasterMinutes = 5;

const rows = (24 * 60) / rasterMinutes;

/** Positions by class, since the pages' policy allows no inline style: `at-N` starts in row N, `len-N` spans N rows, `rows-N` is N hours high. */
export function rasterCss(): string {
  const at = Array.from({ length: rows }, (_, row) => `.at-${row}{grid-row-start:${row + 1}}`);
  const length = Array.from({ length: rows }, (_, span) => `.len-${span + 1}{grid-row-end:span ${span + 1}}`);
  const lanes = [2, 3, 4].flatMap((count) =>
    Array.from(
      { length: count },
      (_, lane) => `.lane-${lane + 1}-${count}{margin-inline-start:${(100 * lane) / count}%;width:${100 / count}%}`,
    ),
  );
  const hours = Array.from(
    { length: 24 },
    (_, i) => `.rows-${i + 1}{min-height:calc(var(--row)*${((i + 1) * 60) / rasterMinutes})}`,
  );
  return `@layer book{${[...at, ...length, ...lanes, ...hours].join('')}}`;
}

/** The classes of a stretch of the day, in minutes after the grid's first minute. */
export function placeOf(fromMinute: number, untilMinute: number): string {
  const row = Math.max(0, Math.floor(fromMinute / rasterMinutes));
  const span = Math.max(1, Math.ceil(untilMinute / rasterMinutes) - row);
  return `at-${row} len-${span}`;
}
