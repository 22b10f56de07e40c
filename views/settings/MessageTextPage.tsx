import type { StandingTemplate, TemplateChange, Which } from '../../domain/messages/ownTemplates.ts';
import type { TextPart } from '../../domain/messages/templateRules.ts';
import type { FieldName } from '../../domain/messages/templateText.ts';
import type { Language } from '../../locales/formats.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { FieldError } from '../forms/Field.tsx';
import type { Viewer } from '../reader.ts';
import { type Fault, faultWords, type Preview, PreviewOf } from './MessagePreview.tsx';
import { SaveButtons } from './SaveButtons.tsx';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';
import { TemplateHistory } from './TemplateHistory.tsx';

/** A language's texts of a message, as they stand or were typed. */
export interface TextSection {
  language: Language;
  parts: {
    part: TextPart;
    /** Of the form's field. */
    name: string;
    value: string;
    fault: Fault | null;
    maxLength: number;
    /** What the text may name, by the names it has in the text's language. */
    fields: { field: FieldName; name: string }[];
  }[];
  preview: Preview;
}

export interface MessageTextProps extends SettingsVisit {
  which: Which;
  sections: TextSection[];
  standing: StandingTemplate[];
  history: TemplateChange[];
  /** The older text that stands in the form. */
  taken: TemplateChange | null;
  /** What is wrong with the form as a whole. */
  error: string | undefined;
}

/** The texts of one message in both languages, each above how a patient would get it. */
export function MessageTextPage(props: MessageTextProps) {
  const { viewer, notice, which, sections, standing, history, taken, error } = props;
  const { t, f } = viewer;
  const words = t.templates;
  const url = `/settings/messages/${which.kind}-${which.channel}`;
  return (
    <SettingsPage
      viewer={viewer}
      notice={notice}
      section="messages"
      title={words.title(words.kinds[which.kind], t.common.byChannel[which.channel])}
    >
      {taken ? (
        <p class="notice" role="status">
          {words.taken(f.dateTime(taken.at))}
        </p>
      ) : null}
      <p class="hint">{words.whenSent[which.kind]}</p>
      <p class="hint">{words.rules[which.channel]}</p>
      <FieldsExplained viewer={viewer} which={which} sections={sections} />
      <form class="settings-form texts" action={url} method="post" noValidate>
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={error} />
        <div class="languages">
          {sections.map((section) => (
            <fieldset>
              <legend>{t.settings.languages[section.language]}</legend>
              {section.parts.map((part) => (
                <TextField viewer={viewer} url={url} language={section.language} part={part} />
              ))}
              <PreviewOf viewer={viewer} section={section} />
              {standing.some(({ language, ownSince }) => language === section.language && ownSince) ? (
                <p class="actions">
                  <button type="submit" class="quiet" form={`default-${section.language}`}>
                    {words.toDefault(t.settings.languages[section.language])}
                  </button>
                </p>
              ) : null}
            </fieldset>
          ))}
        </div>
        <p class="actions unscripted">
          <button type="submit" name="step" value="preview" formNoValidate>
            {words.showPreview}
          </button>
        </p>
        <SaveButtons viewer={viewer} back="/settings/messages" />
      </form>
      {sections.map(({ language }) => (
        <form id={`default-${language}`} action={`${url}/default`} method="post" hidden>
          <Csrf reader={viewer} />
          <input type="hidden" name="language" value={language} />
        </form>
      ))}
      <TemplateHistory viewer={viewer} url={url} history={history} />
    </SettingsPage>
  );
}

/** What each field stands for, by its names in both languages. */
function FieldsExplained({ viewer, which, sections }: { viewer: Viewer; which: Which; sections: TextSection[] }) {
  const words = viewer.t.templates;
  const inTexts = sections.map(({ language, parts }) => ({ language, fields: parts.at(-1)!.fields }));
  return (
    <details class="panel fields-explained">
      <summary>{words.fields}</summary>
      <p class="hint">{words.fieldsHint}</p>
      <dl>
        {inTexts[0]!.fields.map(({ field }) => (
          <div>
            <dt>
              {inTexts.map(({ language, fields }) => (
                <code lang={language}>{`{${fields.find((one) => one.field === field)!.name}}`}</code>
              ))}
            </dt>
            <dd>{field === 'practice' && which.channel === 'sms' ? words.shortName : words.meanings[field]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

interface TextFieldProps {
  viewer: Viewer;
  url: string;
  language: Language;
  part: TextSection['parts'][number];
}

/** A text with its fields to put in; how it would read follows while it is typed. */
function TextField({ viewer, url, language, part }: TextFieldProps) {
  const { t } = viewer;
  const { name, value, fault, maxLength, fields } = part;
  const id = `field-${name}`;
  const isSubject = part.part === 'subject';
  const typing = {
    id,
    name,
    lang: language,
    maxLength,
    required: true,
    spellcheck: true,
    'aria-invalid': fault ? ('true' as const) : undefined,
    'aria-describedby': fault ? `${id}-error` : undefined,
    'hx-post': url,
    'hx-trigger': 'input delay:300ms',
    'hx-vals': '{"step":"preview"}',
    'hx-target': `#preview-${language}`,
    'hx-select': `#preview-${language}`,
    'hx-swap': 'outerMorph',
    'hx-sync': 'this:replace',
  };
  const words = t.templates;
  const label = isSubject ? words.subjectIn : words.textIn;
  return (
    <div class="field">
      <label for={id}>{label(t.settings.languages[language])}</label>
      {isSubject ? (
        <input {...typing} value={value} autocomplete="off" />
      ) : (
        <textarea {...typing} rows={part.part === 'sms' ? 4 : 18}>
          {value}
        </textarea>
      )}
      {fault ? (
        <p class="error" id={`${id}-error`} role="alert">
          {faultWords(viewer, fault)}
        </p>
      ) : null}
      <p class="insertable">
        {fields.map(({ field, name: inBraces }) => (
          <>
            <code class="unscripted" lang={language}>{`{${inBraces}}`}</code>
            <button
              type="button"
              class="scripted-only"
              data-inserts={`{${inBraces}}`}
              data-into={id}
              title={words.meanings[field]}
              lang={language}
            >
              {inBraces}
            </button>
          </>
        ))}
      </p>
    </div>
  );
}
