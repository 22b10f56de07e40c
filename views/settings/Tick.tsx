import { Checkbox, FieldError } from '../forms/Field.tsx';
import type { FormState, Reader } from '../reader.ts';

export interface TickProps {
  reader: Reader;
  form: FormState;
  name: string;
  label: string;
  hint?: string;
  initial: boolean;
}

/** A checkbox with what is wrong with it. */
export function Tick(props: TickProps) {
  return (
    <>
      <Checkbox {...props} />
      <FieldError reader={props.reader} code={props.form.errors[props.name]} />
    </>
  );
}
