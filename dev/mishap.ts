/** Something a newcomer can mend: shown as one sentence with the way out, without a stack trace. */
export class Mishap extends Error {
  override readonly name = 'Mishap';
}
