import { Csrf } from '../forms/Csrf.tsx';
import { Field, Select } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface CollectContactsProps {
  viewer: Viewer;
  task: { id: string; patientName: string; email: string | null; mobile: string | null };
  contactOwner: 'patient' | 'parent' | 'carer';
  form: FormState;
}

/** Collect Email and Mobile: the prompt that stands before the online button. */
export function CollectContactsWindow({ viewer, task, contactOwner, form }: CollectContactsProps) {
  const { t } = viewer;
  const owners = Object.entries(t.people.contactOwners).map(([value, label]) => ({ value, label }));
  const field = { reader: viewer, form };
  return (
    <Window reader={viewer} title={t.departures.collect} about={task.patientName} back="/book">
      <form {...inWindow(`/departure-tasks/${task.id}/contacts`)}>
        <Csrf reader={viewer} />
        <div class="fields">
          <Field
            {...field}
            name="mobile"
            label={t.people.mobile}
            initial={task.mobile}
            type="tel"
            autocomplete="off"
            autofocus
          />
          <Field {...field} name="email" label={t.people.email} initial={task.email} type="email" autocomplete="off" />
        </div>
        <Select
          {...field}
          name="contactOwner"
          label={t.people.contactOwner}
          hint={t.departures.collectHint}
          initial={contactOwner}
          choices={owners}
        />
        <WindowActions reader={viewer} back="/book">
          <button type="submit" class="primary">
            {t.common.save}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}
