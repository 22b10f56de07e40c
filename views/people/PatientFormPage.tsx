import type { PatientToEdit } from '../../domain/people/patients.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { choicesWithOwn } from '../forms/choices.ts';
import { Field, FieldError, Select, TextArea } from '../forms/Field.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import { leadingBack } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { fullName } from './names.ts';

export interface PatientFormProps {
  viewer: Viewer;
  /** Whose file is edited; none: a new one. */
  patient: PatientToEdit | null;
  /** Where editing began, or where a new file was asked for. */
  back: string;
  providers: { id: string; name: string }[];
  form: FormState;
}

/** Opens a Patient File, or changes what stands on one. */
export function PatientFormPage({ viewer, patient, back, providers, form }: PatientFormProps) {
  const { t } = viewer;
  const people = t.people;
  const title = patient ? people.editOf(fullName(patient)) : people.newPatient;
  const common = { reader: viewer, form };
  return (
    <StaffPage viewer={viewer} title={title} tab="patients">
      <h1>{title}</h1>
      <form
        class="form"
        action={leadingBack(patient ? `/patients/${patient.id}/edit` : '/patients', back)}
        method="post"
        noValidate
      >
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <fieldset>
          <legend>{people.person}</legend>
          <Field
            {...common}
            name="firstName"
            label={people.firstName}
            initial={patient?.firstName}
            required
            maxLength={80}
            autocomplete="off"
          />
          <Field
            {...common}
            name="lastNamePrefix"
            label={people.lastNamePrefix}
            initial={patient?.lastNamePrefix}
            hint={people.prefixHint}
            maxLength={20}
            autocomplete="off"
          />
          <Field
            {...common}
            name="lastName"
            label={people.lastName}
            initial={patient?.lastName}
            required
            maxLength={80}
            autocomplete="off"
          />
          <Field
            {...common}
            name="birthDate"
            label={people.birthDate}
            initial={patient?.birthDate}
            type="date"
            required
            autocomplete="off"
          />
        </fieldset>
        <fieldset>
          <legend>{people.contacts}</legend>
          <Field
            {...common}
            name="email"
            label={people.email}
            initial={patient?.email}
            type="email"
            maxLength={254}
            autocomplete="off"
          />
          <Field
            {...common}
            name="mobile"
            label={people.mobile}
            initial={patient?.mobile}
            type="tel"
            maxLength={30}
            autocomplete="off"
          />
          <Select
            {...common}
            name="contactOwner"
            label={people.contactOwner}
            initial={patient?.contactOwner ?? 'patient'}
            choices={(['patient', 'parent', 'carer'] as const).map((value) => ({
              value,
              label: people.contactOwners[value],
            }))}
          />
          <Select
            {...common}
            name="language"
            label={people.language}
            initial={patient?.language}
            choices={[
              { value: '', label: people.practiceLanguage },
              ...(['en', 'nl'] as const).map((value) => ({ value, label: people.languages[value] })),
            ]}
          />
        </fieldset>
        <fieldset>
          <legend>{people.care}</legend>
          <Select
            {...common}
            name="providerId"
            label={people.provider}
            initial={patient?.providerId}
            choices={[
              { value: '', label: t.common.none },
              ...choicesWithOwn(viewer, providers, patient && { id: patient.providerId, name: patient.providerName }),
            ]}
          />
          <TextArea {...common} name="note" label={people.note} initial={patient?.note} />
        </fieldset>
        <div class="form-actions">
          <button type="submit" class="primary">
            {t.common.save}
          </button>
          <a class="button quiet" href={back}>
            {t.common.cancel}
          </a>
        </div>
      </form>
    </StaffPage>
  );
}
