import type { StandingTemplate } from '../../domain/messages/ownTemplates.ts';
import { MailIcon, MessageIcon } from '../icons.tsx';
import { SettingsPage, type SettingsVisit } from './SettingsPage.tsx';

const kinds = ['link', 'reminder', 'confirmation'] as const;
const channels = ['sms', 'email'] as const;

/** The messages to patients by what they are about, and whose text each has. */
export function MessagesPage({ viewer, notice, templates }: SettingsVisit & { templates: StandingTemplate[] }) {
  const words = viewer.t.templates;
  return (
    <SettingsPage viewer={viewer} notice={notice} section="messages">
      <p class="hint">{words.intro}</p>
      {kinds.map((kind) => (
        <section class="panel" aria-labelledby={`messages-${kind}`}>
          <h2 id={`messages-${kind}`}>{words.kinds[kind]}</h2>
          <p class="hint">{words.whenSent[kind]}</p>
          {channels.map((channel) => {
            const title = words.title(words.kinds[kind], viewer.t.common.byChannel[channel]);
            return (
              <div class="message-texts">
                <h3>
                  {channel === 'sms' ? <MessageIcon size={16} /> : <MailIcon size={16} />}{' '}
                  {viewer.t.common.channels[channel]}
                </h3>
                <dl>
                  {templates
                    .filter((one) => one.kind === kind && one.channel === channel)
                    .map(({ language, template, ownSince }) => (
                      <div>
                        <dt>
                          {viewer.t.settings.languages[language]}{' '}
                          <span class={ownSince ? 'badge on' : 'badge off'}>
                            {ownSince ? words.ownSince(viewer.f.fullDay(ownSince)) : words.isDefault}
                          </span>
                        </dt>
                        <dd lang={language}>{template.subject ?? template.body}</dd>
                      </div>
                    ))}
                </dl>
                <a class="button" href={`/settings/messages/${kind}-${channel}`} aria-label={words.changeOf(title)}>
                  {words.change}
                </a>
              </div>
            );
          })}
        </section>
      ))}
    </SettingsPage>
  );
}
