import { MailIcon, MessageIcon } from '../icons.tsx';
import { Document } from '../layout/Document.tsx';
import type { Reader } from '../reader.ts';

export interface InboxMessage {
  id: string;
  channel: 'sms' | 'email';
  recipient: string;
  sender: string;
  subject: string | null;
  body: string;
  attachments: { filename: string }[];
  receivedAt: Date;
}

/** What the demo carriers received, as telephones and mailboxes would show it; links can be followed. */
export function InboxPage({ reader, messages }: { reader: Reader; messages: InboxMessage[] }) {
  const { t, f } = reader;
  return (
    <Document reader={reader} title={t.inbox.title} kind="patient">
      <main class="inbox">
        <h1>{t.inbox.title}</h1>
        <p class="hint">{t.inbox.intro}</p>
        {messages.length === 0 ? <p class="empty">{t.inbox.empty}</p> : null}
        {messages.map((message) => (
          <article class={`letter ${message.channel}`}>
            <header>
              {message.channel === 'sms' ? <MessageIcon /> : <MailIcon />}
              <strong>{message.sender}</strong> <span class="hint">→ {message.recipient}</span>
              <time dateTime={message.receivedAt.toISOString()}>{f.dateTime(message.receivedAt)}</time>
            </header>
            {message.subject ? <h2>{message.subject}</h2> : null}
            <p class="body">{linked(message.body)}</p>
            {message.attachments.map(({ filename }, i) => (
              <p>
                <a href={`/inbox/${message.id}/attachments/${i}`}>{t.inbox.attachment(filename)}</a>
              </p>
            ))}
          </article>
        ))}
      </main>
    </Document>
  );
}

/** Addresses become links, as telephones make them. */
const linked = (text: string) =>
  text.split(/(https?:\/\/[^\s]+)/).map((part, i) => (i % 2 === 1 ? <a href={part}>{part}</a> : part));
