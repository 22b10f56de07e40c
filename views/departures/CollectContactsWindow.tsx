import { Csrf } from '../forms/Csrf.tsx';
import { Field, Select } from '../forms/Field.tsx';
import { inWindow, Window } from '../layout/Window.tsx';
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
  return (
    <Window reader={viewer} title={`${t.departures.collect}: ${task.patientName}`} back="/book">
      <form {...inWindow(`/departure-tasks/${task.id}/contacts`)}>
        <Csrf reader={viewer} />
        <p class="hint">{t.departures.collectHint}</p>
        <Field reader={viewer} form={form} name="mobile" label={t.people.mobile} initial={task.mobile} type="tel" autocomplete="off" autofocus />
        <Field reader={viewer} form={form} name="email" label={t.people.email} initial={task.email} type="email" autocomplete="off" />
        <Select reader={viewer} form={form} name="contactOwner" label={t.people.contactOwner} initial={contactOwner} choices={owners} />
        <button class="primary">{t.common.save}</button>
      </form>
    </Window>
  );
}
