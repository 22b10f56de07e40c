import type { ListedUser } from '../../domain/practice/users.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError, Select } from '../forms/Field.tsx';
import { inWindow, Window } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { SaveButtons } from './SaveButtons.tsx';
import { Tick } from './Tick.tsx';

export interface UserWindowProps {
  viewer: Viewer;
  /** None: a new one. */
  user: ListedUser | null;
  providers: { id: string; name: string }[];
  locations: { id: string; name: string }[];
  form: FormState;
  passwordForm: FormState;
}

const back = '/settings/users';

/** A user, and below the password, which is set by itself and shown nowhere. */
export function UserWindow({ viewer, user, providers, locations, form, passwordForm }: UserWindowProps) {
  const { t } = viewer;
  const words = t.settings.users;
  const field = { reader: viewer, form };
  const named = (one: { id: string; name: string }) => ({ value: one.id, label: one.name });
  return (
    <Window reader={viewer} title={user ? t.settings.editOf(user.name) : words.newTitle} back={back}>
      {user?.id === viewer.userId ? <p class="hint">{words.ownHint}</p> : null}
      <form {...inWindow(user ? `${back}/${user.id}` : back)}>
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <div class="fields">
          <Field
            {...field}
            name="name"
            label={t.settings.name}
            initial={user?.name}
            required
            maxLength={80}
            autocomplete="off"
            autofocus
          />
          <Field
            {...field}
            name="email"
            label={words.email}
            initial={user?.email}
            hint={words.emailHint}
            type="email"
            required
            maxLength={254}
            autocomplete="off"
          />
          <Select
            {...field}
            name="role"
            label={words.role}
            initial={user?.role ?? 'receptionist'}
            choices={(['receptionist', 'provider', 'manager'] as const).map((value) => ({
              value,
              label: t.layout.roles[value],
            }))}
          />
          <Select
            {...field}
            name="language"
            label={t.settings.language}
            initial={user?.language ?? viewer.language}
            choices={(['en', 'nl'] as const).map((value) => ({ value, label: t.settings.languages[value] }))}
          />
          <Select
            {...field}
            name="providerId"
            label={words.provider}
            initial={user?.providerId}
            hint={words.providerHint}
            choices={[{ value: '', label: words.noProvider }, ...providers.map(named)]}
          />
          <Select
            {...field}
            name="locationId"
            label={words.location}
            initial={user?.locationId}
            choices={[{ value: '', label: words.noLocation }, ...locations.map(named)]}
          />
        </div>
        {user ? null : <Password viewer={viewer} form={form} label={words.password} hint={words.passwordHint} />}
        <Tick {...field} name="active" label={words.active} hint={words.activeHint} initial={user?.active ?? true} />
        <SaveButtons viewer={viewer} back={back} />
      </form>
      {user ? (
        <form class="apart" {...inWindow(`${back}/${user.id}/password`)}>
          <Csrf reader={viewer} />
          <h3>{words.newPassword}</h3>
          <p class="hint">{words.setPasswordHint}</p>
          <Password viewer={viewer} form={passwordForm} label={words.newPassword} hint={words.passwordHint} />
          <p class="actions">
            <button type="submit">{words.setPassword}</button>
          </p>
        </form>
      ) : null}
    </Window>
  );
}

function Password({ viewer, form, label, hint }: { viewer: Viewer; form: FormState; label: string; hint: string }) {
  return (
    <Field
      reader={viewer}
      form={form}
      name="password"
      label={label}
      hint={hint}
      type="password"
      required
      maxLength={200}
      autocomplete="new-password"
    />
  );
}
