import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError } from '../forms/Field.tsx';
import { CalendarIcon } from '../icons.tsx';
import type { FormState, Reader } from '../reader.ts';
import { Document } from './Document.tsx';

export interface SignInProps {
  reader: Reader;
  form: FormState;
  /** Where to go on afterwards. */
  to: string;
  /** A locked session names whose it is; colleagues may take over. */
  colleagues: { email: string; name: string }[];
  lockedUser: string | null;
}

export function SignInPage({ reader, form, to, colleagues, lockedUser }: SignInProps) {
  const { t } = reader;
  return (
    <Document reader={reader} title={t.layout.signIn} kind="patient">
      <main class="sheet sign-in">
        <p class="brand">
          <CalendarIcon size={24} /> Nextvisit
        </p>
        <h1>{lockedUser ? t.layout.welcomeBack : t.layout.signIn}</h1>
        <p class="hint">{lockedUser ? t.layout.locked : t.layout.signInHint}</p>
        <form action="/sign-in" method="post" noValidate>
          <Csrf reader={reader} />
          <input type="hidden" name="to" value={to} />
          <FieldError reader={reader} code={form.errors.form} />
          {colleagues.length > 0 ? (
            <fieldset class="choices">
              <legend>{t.layout.whoAreYou}</legend>
              {colleagues.map(({ email, name }) => (
                <label class="choice">
                  <input
                    type="radio"
                    name="email"
                    value={email}
                    checked={email === (form.values.email ?? lockedUser)}
                  />{' '}
                  {name}
                </label>
              ))}
            </fieldset>
          ) : (
            <Field
              reader={reader}
              form={form}
              name="email"
              label={t.layout.email}
              type="email"
              autocomplete="username"
              required
              autofocus
            />
          )}
          <Field
            reader={reader}
            form={{ ...form, values: {} }}
            name="password"
            label={t.layout.password}
            type="password"
            autocomplete="current-password"
            required
            autofocus={colleagues.length > 0}
          />
          <button type="submit" class="primary wide">
            {t.layout.signIn}
          </button>
        </form>
      </main>
    </Document>
  );
}
