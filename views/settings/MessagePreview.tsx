import type { Block } from '../../domain/messages/email.ts';
import type { Language } from '../../locales/formats.ts';
import type { Viewer } from '../reader.ts';

/** What is wrong with a text: a code, and what the reader is shown of it. */
export interface Fault {
  code: string;
  found?: string;
}

export interface SmsPreview {
  text: string;
  letters: number;
  segments: number;
  /** Names lost letters. */
  cut: boolean;
}

export type Preview =
  | { faults: Fault[] }
  | { sms: SmsPreview; longest: SmsPreview }
  | { email: { subject: string; blocks: Block[] } };

interface Previewed {
  language: Language;
  preview: Preview;
}

/** A fault in the reader's words. */
export const faultWords = ({ t }: Viewer, { code, found = '' }: Fault): string => {
  if (code === 'template_unknown_field') return t.templates.unknownField(found);
  if (code === 'template_sms_long') return t.templates.smsTooLong(found);
  const texts = t.problems.fields as Record<string, string>;
  return texts[code] ?? texts.invalid_value!;
};

/** Both previews, as htmx fetches them. */
export function Previews({ viewer, sections }: { viewer: Viewer; sections: Previewed[] }) {
  return (
    <div>
      {sections.map((section) => (
        <PreviewOf viewer={viewer} section={section} />
      ))}
    </div>
  );
}

export function PreviewOf({ viewer, section: { language, preview } }: { viewer: Viewer; section: Previewed }) {
  const { t } = viewer;
  const words = t.templates;
  return (
    <section id={`preview-${language}`} aria-label={words.previewIn(t.settings.languages[language])}>
      <h3>{words.preview}</h3>
      {'faults' in preview ? (
        <div class="preview none">
          <p>
            {words.noPreview} {[...new Set(preview.faults.map((fault) => faultWords(viewer, fault)))].join(' ')}
          </p>
        </div>
      ) : 'sms' in preview ? (
        <>
          <Sms viewer={viewer} language={language} sms={preview.sms} />
          <h4>{words.withLongest}</h4>
          <Sms viewer={viewer} language={language} sms={preview.longest} />
          {preview.longest.cut ? <p class="hint">{words.namesCut}</p> : null}
        </>
      ) : (
        <div class="preview email" lang={language}>
          <strong>{preview.email.subject}</strong>
          {preview.email.blocks.map((block) => (
            <EmailBlock block={block} />
          ))}
        </div>
      )}
    </section>
  );
}

function Sms({ viewer, language, sms }: { viewer: Viewer; language: Language; sms: SmsPreview }) {
  return (
    <figure class="preview sms">
      <p lang={language}>{sms.text}</p>
      <figcaption class={sms.segments > 1 ? 'warning' : undefined}>
        {viewer.t.departures.smsLength(sms.letters, sms.segments)}
      </figcaption>
    </figure>
  );
}

function EmailBlock({ block }: { block: Block }) {
  if (block.kind === 'paragraph') return <p>{block.text}</p>;
  if (block.kind === 'button')
    return (
      <p>
        <span class="letter-button">{block.label}</span>
      </p>
    );
  return (
    <dl>
      {block.facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
