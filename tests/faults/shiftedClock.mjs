import { readFileSync } from 'node:fs';

/**
 * Loaded into a process ahead of the product (`--import`): its clock is ahead or behind by the milliseconds that the file in
 * CLOCK_FILE says, from moment to moment, as if somebody had set it. What counts time without a clock goes on as it was.
 */
const TrueDate = globalThis.Date;
let shift = 0;

function look() {
  shift = Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) || 0;
}
look();
setInterval(look, 50).unref();

globalThis.Date = class ShiftedDate extends TrueDate {
  constructor(...given) {
    if (given.length === 0) super(TrueDate.now() + shift);
    else super(...given);
  }
  static now() {
    return TrueDate.now() + shift;
  }
};
