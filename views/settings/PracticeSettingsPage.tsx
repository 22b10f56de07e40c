import { bookingIntervals } from '../../domain/book/rules/interval.ts';
import { clockOf } from '../../domain/book/rules/localTime.ts';
import type { Practice } from '../../domain/practice/practice.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError, Select } from '../forms/Field.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { SaveButtons } from './SaveButtons.tsx';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';
import { Tick } from './Tick.tsx';

export interface PracticeSettingsProps extends SettingsVisit {
  practice: Practice;
  form: FormState;
}

/** Names, switches, booking rules and messages of the whole practice. */
export function PracticeSettingsPage({ viewer, notice, practice, form }: PracticeSettingsProps) {
  const { t } = viewer;
  const parts = { viewer, practice, form };
  return (
    <SettingsPage viewer={viewer} notice={notice} section="practice">
      <form class="settings-form" action="/settings/practice" method="post" noValidate>
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <Who {...parts} />
        <fieldset>
          <legend>{t.settings.practice.features}</legend>
          <Tick
            reader={viewer}
            form={form}
            name="appointmentWorkflow"
            label={t.settings.practice.appointmentWorkflow}
            hint={t.settings.practice.appointmentWorkflowHint}
            initial={practice.appointmentWorkflow}
          />
          <Tick
            reader={viewer}
            form={form}
            name="onlineAppointmentsTab"
            label={t.settings.practice.onlineAppointmentsTab}
            hint={t.settings.practice.onlineAppointmentsTabHint}
            initial={practice.onlineAppointmentsTab}
          />
          <Tick
            reader={viewer}
            form={form}
            name="attentionEmail"
            label={t.settings.practice.attentionEmail}
            hint={t.settings.practice.attentionEmailHint}
            initial={practice.attentionEmail}
          />
        </fieldset>
        <Booking {...parts} />
        <Links {...parts} />
        <Keeping {...parts} />
        <SaveButtons viewer={viewer} />
      </form>
    </SettingsPage>
  );
}

interface PartProps {
  viewer: Viewer;
  practice: Practice;
  form: FormState;
}

function Who({ viewer, practice, form }: PartProps) {
  const { settings } = viewer.t;
  const words = settings.practice;
  const field = { reader: viewer, form };
  return (
    <fieldset>
      <legend>{words.who}</legend>
      <div class="fields">
        <Field {...field} name="name" label={settings.name} initial={practice.name} required maxLength={80} />
        <Field
          {...field}
          name="shortName"
          label={words.shortName}
          initial={practice.shortName}
          hint={words.shortNameHint}
          required
          maxLength={25}
        />
        <Field
          {...field}
          name="phone"
          label={settings.phone}
          initial={practice.phone}
          type="tel"
          required
          maxLength={30}
        />
        <Field
          {...field}
          name="email"
          label={words.email}
          initial={practice.email}
          hint={words.emailHint}
          type="email"
          maxLength={254}
        />
        <Select
          {...field}
          name="language"
          label={settings.language}
          initial={practice.language}
          hint={words.languageHint}
          choices={(['en', 'nl'] as const).map((value) => ({ value, label: settings.languages[value] }))}
        />
        <div class="field">
          <p class="label">{words.timeZone}</p>
          <p class="fixed">{practice.timeZone}</p>
          <small class="hint">{words.timeZoneHint}</small>
        </div>
      </div>
    </fieldset>
  );
}

function Booking({ viewer, practice, form }: PartProps) {
  const words = viewer.t.settings.practice;
  const field = { reader: viewer, form };
  return (
    <fieldset>
      <legend>{words.booking}</legend>
      <div class="fields">
        <Select
          {...field}
          name="defaultIntervalDays"
          label={words.defaultInterval}
          initial={String(practice.defaultIntervalDays)}
          hint={words.defaultIntervalHint}
          choices={bookingIntervals.map((days) => ({ value: String(days), label: viewer.t.common.days(days) }))}
        />
        <Field
          {...field}
          name="holdMinutes"
          label={words.holdMinutes}
          initial={String(practice.holdMinutes)}
          hint={words.holdMinutesHint}
          inputMode="numeric"
          required
          maxLength={2}
        />
        <Field
          {...field}
          name="shortestUsefulMinutes"
          label={words.shortestUseful}
          initial={String(practice.shortestUsefulMinutes)}
          hint={words.shortestUsefulHint}
          inputMode="numeric"
          required
          maxLength={3}
        />
      </div>
    </fieldset>
  );
}

function Links({ viewer, practice, form }: PartProps) {
  const words = viewer.t.settings.practice;
  const field = { reader: viewer, form };
  const time = { ...field, type: 'time' as const, required: true };
  return (
    <fieldset>
      <legend>{words.links}</legend>
      <p class="hint">{words.linksHint}</p>
      <div class="fields">
        <Field
          {...field}
          name="linkValidityDays"
          label={words.linkValidity}
          initial={String(practice.linkValidityDays)}
          hint={words.linkValidityHint}
          inputMode="numeric"
          required
          maxLength={2}
        />
        <Field
          {...field}
          name="reminderDays"
          label={words.reminderDays}
          initial={practice.reminderDays.join(', ')}
          hint={words.reminderDaysHint}
          maxLength={40}
          autocomplete="off"
        />
        <Field {...time} name="reminderMinute" label={words.reminderTime} initial={clockOf(practice.reminderMinute)} />
      </div>
      <div class="fields">
        <Field {...time} name="quietFromMinute" label={words.quietFrom} initial={clockOf(practice.quietFromMinute)} />
        <Field
          {...time}
          name="quietUntilMinute"
          label={words.quietUntil}
          initial={clockOf(practice.quietUntilMinute)}
          hint={words.quietHint}
        />
      </div>
      <div class="fields">
        <Field
          {...field}
          name="smsSender"
          label={words.smsSender}
          initial={practice.smsSender}
          hint={words.smsSenderHint}
          maxLength={11}
          autocomplete="off"
        />
        <Field
          {...field}
          name="emailSenderName"
          label={words.emailSender}
          initial={practice.emailSenderName}
          required
          maxLength={60}
          autocomplete="off"
        />
      </div>
      <Tick
        {...field}
        name="otherChannel"
        label={words.otherChannel}
        hint={words.otherChannelHint}
        initial={practice.otherChannel}
      />
    </fieldset>
  );
}

function Keeping({ viewer, practice, form }: PartProps) {
  const words = viewer.t.settings.practice;
  const field = { reader: viewer, form, inputMode: 'numeric' as const, required: true, maxLength: 2 };
  return (
    <fieldset>
      <legend>{words.keeping}</legend>
      <div class="fields">
        <Field
          {...field}
          name="recordYears"
          label={words.recordYears}
          initial={String(practice.recordYears)}
          hint={words.recordYearsHint}
        />
        <Field
          {...field}
          name="messageMonths"
          label={words.messageMonths}
          initial={String(practice.messageMonths)}
          hint={words.messageMonthsHint}
        />
      </div>
    </fieldset>
  );
}
