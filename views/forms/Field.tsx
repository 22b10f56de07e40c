import type { ComponentChildren, JSX } from 'preact';
import type { FormState, Reader } from '../reader.ts';

export interface FieldProps {
  reader: Reader;
  form: FormState;
  name: string;
  label: string;
  /** What stands there before anything was typed. */
  initial?: string | null;
  hint?: ComponentChildren;
}

/** What an input may be told besides. */
type InputAttributes = Pick<
  JSX.IntrinsicElements['input'],
  | 'type'
  | 'accept'
  | 'required'
  | 'autocomplete'
  | 'inputMode'
  | 'maxLength'
  | 'placeholder'
  | 'size'
  | 'min'
  | 'max'
  | 'step'
  | 'pattern'
>;

/** A labelled input with its hint and, beside it, what is wrong with what was typed. */
export function Field({
  reader,
  form,
  name,
  label,
  initial,
  hint,
  autofocus,
  ...input
}: FieldProps & InputAttributes & { autofocus?: boolean }) {
  return (
    <Labelled {...{ reader, form, name, label, hint }}>
      <input
        id={idOf(name)}
        name={name}
        value={typedIn(form, name, initial)}
        autofocus={beginsHere(form, name, autofocus)}
        {...describedBy(form, name, hint)}
        {...(input as object)}
      />
    </Labelled>
  );
}

export function TextArea({
  reader,
  form,
  name,
  label,
  initial,
  hint,
  rows = 3,
  autofocus,
}: FieldProps & { rows?: number; autofocus?: boolean }) {
  return (
    <Labelled {...{ reader, form, name, label, hint }}>
      <textarea
        id={idOf(name)}
        name={name}
        rows={rows}
        autofocus={beginsHere(form, name, autofocus)}
        {...describedBy(form, name, hint)}
      >
        {typedIn(form, name, initial)}
      </textarea>
    </Labelled>
  );
}

export function Select({
  reader,
  form,
  name,
  label,
  initial,
  hint,
  choices,
}: FieldProps & { choices: { value: string; label: string }[] }) {
  const chosen = typedIn(form, name, initial);
  return (
    <Labelled {...{ reader, form, name, label, hint }}>
      <select id={idOf(name)} name={name} autofocus={beginsHere(form, name, false)} {...describedBy(form, name, hint)}>
        {choices.map(({ value, label: text }) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

export function Checkbox({
  form,
  name,
  label,
  value = 'on',
  initial,
  hint,
  disabled,
  autofocus,
}: Omit<FieldProps, 'initial'> & { value?: string; initial?: boolean; disabled?: boolean; autofocus?: boolean }) {
  const checked = form.submitted ? [form.values[name]].flat().includes(value) : initial;
  return (
    <label class="checkbox">
      <input
        type="checkbox"
        name={name}
        value={value}
        checked={checked && !disabled}
        disabled={disabled}
        autofocus={beginsHere(form, name, autofocus)}
      />
      <span>
        {label}
        {hint ? <small class="hint">{hint}</small> : null}
      </span>
    </label>
  );
}

function Labelled({ reader, form, name, label, hint, children }: FieldProps & { children: ComponentChildren }) {
  const error = form.errors[name];
  return (
    <div class="field">
      <label for={idOf(name)}>{label}</label>
      {children}
      {hint ? (
        <small class="hint" id={`${idOf(name)}-hint`}>
          {hint}
        </small>
      ) : null}
      {error ? <FieldError reader={reader} id={`${idOf(name)}-error`} code={error} /> : null}
    </div>
  );
}

export function FieldError({ reader, code, id }: { reader: Reader; code: string | undefined; id?: string }) {
  if (!code) return null;
  const texts = reader.t.problems.fields as Record<string, string>;
  return (
    <p class="error" id={id} role="alert">
      {texts[code] ?? texts.invalid_value!}
    </p>
  );
}

const idOf = (name: string) => `field-${name}`;

const describedBy = (form: FormState, name: string, hint: ComponentChildren) => ({
  'aria-invalid': form.errors[name] ? ('true' as const) : undefined,
  'aria-describedby':
    [hint ? `${idOf(name)}-hint` : '', form.errors[name] ? `${idOf(name)}-error` : ''].filter(Boolean).join(' ') ||
    undefined,
});

/** Whoever gets a form back begins at what is wrong, also where a page comes anew and it stands far below. */
const beginsHere = (form: FormState, name: string, otherwise: boolean | undefined) =>
  (Object.keys(form.errors).length > 0 ? form.errors[name] !== undefined : otherwise) || undefined;

const typedIn = (form: FormState, name: string, initial: string | null | undefined): string =>
  String(form.values[name] ?? initial ?? '');
