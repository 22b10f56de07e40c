import { Csrf } from '../forms/Csrf.tsx';
import { MailIcon, MessageIcon } from '../icons.tsx';
import { Document } from '../layout/Document.tsx';
import type { Channel, Reader } from '../reader.ts';

interface InboxMessage {
  id: string;
  channel: Channel;
  recipient: string;
  sender: string;
  subject: string | null;
  body: string;
  attachments: { filename: string }[];
  receivedAt: Date;
  /** Taken by its carrier, and never arrived. */
  bounced: boolean;
}

export interface InboxProps {
  reader: Reader;
  messages: InboxMessage[];
  /** The demo carriers, each with how it fares. */
  carriers: { channel: Channel; mood: DemoMood }[];
}

type DemoMood = keyof Reader['t']['inbox']['moods'];

/** What the demo carriers received, as telephones and mailboxes would show it; links can be followed. */
export function InboxPage({ reader, messages, carriers }: InboxProps) {
  const { t, f } = reader;
  return (
    <Document reader={reader} title={t.inbox.title} kind="patient">
      <main class="inbox">
        <h1>{t.inbox.title}</h1>
        <p class="hint">{t.inbox.intro}</p>
        <details class="carriers" open={carriers.some(({ mood }) => mood !== 'well')}>
          <summary>{t.inbox.carriers}</summary>
          {carriers.map((carrier) => (
            <Carrier reader={reader} {...carrier} />
          ))}
        </details>
        {messages.length === 0 ? <p class="empty">{t.inbox.empty}</p> : null}
        {messages.map((message) => (
          <article class={`letter ${message.channel}`}>
            <header>
              {message.channel === 'sms' ? <MessageIcon /> : <MailIcon />}
              <strong>{message.sender}</strong> <span class="hint">→ {message.recipient}</span>
              {message.bounced ? <span class="badge failed">{t.inbox.bounced}</span> : null}
              <time dateTime={message.receivedAt.toISOString()}>{f.dateTime(message.receivedAt)}</time>
            </header>
            {message.subject ? <h2>{message.subject}</h2> : null}
            <p class="body">{linked(message.body)}</p>
            {message.attachments.map(({ filename }, i) => (
              <p>
                <a href={`/inbox/${message.id}/attachments/${i}`}>{t.inbox.attachment(filename)}</a>
              </p>
            ))}
            {message.channel === 'sms' ? <Reply reader={reader} id={message.id} /> : null}
          </article>
        ))}
      </main>
    </Document>
  );
}

/** The switch of a bad day. */
function Carrier({ reader, channel, mood }: { reader: Reader; channel: Channel; mood: DemoMood }) {
  const { t } = reader;
  return (
    <form action="/inbox/carriers" method="post" class="carrier">
      <Csrf reader={reader} />
      <input type="hidden" name="channel" value={channel} />
      <label for={`mood-${channel}`}>{t.common.channels[channel]}</label>
      <select id={`mood-${channel}`} name="mood">
        {(Object.keys(t.inbox.moods) as DemoMood[]).map((one) => (
          <option value={one} selected={one === mood}>
            {t.inbox.moods[one]}
          </option>
        ))}
      </select>
      <button type="submit">{t.inbox.set}</button>
    </form>
  );
}

function Reply({ reader, id }: { reader: Reader; id: string }) {
  const { t } = reader;
  return (
    <details>
      <summary>{t.inbox.reply}</summary>
      <form action={`/inbox/${id}/reply`} method="post" class="carrier">
        <Csrf reader={reader} />
        <input name="body" aria-label={t.inbox.reply} maxLength={1600} required />
        <button type="submit">{t.inbox.send}</button>
      </form>
    </details>
  );
}

/** Addresses become links, as telephones make them. */
const linked = (text: string) =>
  text.split(/(https?:\/\/[^\s]+)/).map((part, i) => (i % 2 === 1 ? <a href={part}>{part}</a> : part));
