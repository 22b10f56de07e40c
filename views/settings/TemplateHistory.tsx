import type { TemplateChange } from '../../domain/messages/ownTemplates.ts';
import type { Viewer } from '../reader.ts';

/** Who changed a message's texts to what, with the way back to each. */
export function TemplateHistory({ viewer, url, history }: { viewer: Viewer; url: string; history: TemplateChange[] }) {
  const { t, f } = viewer;
  const words = t.templates;
  return (
    <section class="panel" aria-labelledby="history">
      <h2 id="history">{words.history}</h2>
      {history.length === 0 ? <p class="hint">{words.noHistory}</p> : null}
      <ol class="template-history">
        {history.map(({ id, at, by, language, template, stands }) => {
          const spoken = t.settings.languages[language];
          const when = `${f.fullDay(at)}, ${f.time(at)}`;
          const said = (
            <>
              <time dateTime={at.toISOString()}>{when}</time>:{' '}
              {template ? words.changed(by, spoken) : words.changedBack(by, spoken)}
              {stands ? <span class="badge on">{words.stands}</span> : null}
            </>
          );
          if (!template) return <li>{said}</li>;
          return (
            <li>
              <details>
                <summary>{said}</summary>
                <div class="older" lang={language}>
                  {template.subject === null ? null : <strong>{template.subject}</strong>}
                  <p>{template.body}</p>
                </div>
                {stands ? null : (
                  <a class="button" href={`${url}?version=${id}`} aria-label={words.takeOf(when)}>
                    {words.take}
                  </a>
                )}
              </details>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
