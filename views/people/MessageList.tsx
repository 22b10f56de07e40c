import type { FiledMessage } from '../../domain/people/patientFile.ts';
import type { Viewer } from '../reader.ts';

export interface MessageListProps {
  viewer: Viewer;
  patientId: string;
  messages: FiledMessage[];
}

/** How a message fares, and why where it does not fare well. */
export function wordsFor({ t }: Viewer, state: string, reason: string | null): string {
  const words = t.people.messageStates[state] ?? state;
  return reason === null ? words : `${words} (${t.people.messageReasons[reason] ?? reason})`;
}

/** What was sent to the patient, as it was worded, and how it went; follows deliveries by itself. */
export function MessageList({ viewer, patientId, messages }: MessageListProps) {
  const { t, f } = viewer;
  return (
    <section
      class="card"
      id="messages"
      aria-labelledby="messages-title"
      hx-get={`/patients/${patientId}/messages`}
      hx-trigger="messages from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      <h2 id="messages-title">{t.people.messages}</h2>
      {messages.length === 0 ? (
        <p class="empty">{t.people.noMessages}</p>
      ) : (
        <ul class="rows">
          {messages.map((message) => (
            <li class="row" id={`message-${message.id}`}>
              <details>
                <summary>
                  <time dateTime={message.createdAt.toISOString()}>
                    {f.dateTime(message.sentAt ?? message.createdAt)}
                  </time>{' '}
                  {t.people.messageKinds[message.kind]} · {t.people.channels[message.channel]}{' '}
                  <span class={`badge ${message.state}`}>{wordsFor(viewer, message.state, message.reason)}</span>
                </summary>
                <p class="hint">
                  {[t.people.sentTo(message.recipient), message.sentBy ? t.people.sentBy(message.sentBy) : '']
                    .filter(Boolean)
                    .join(' · ')}
                </p>
                {message.subject ? (
                  <p>
                    <strong>{message.subject}</strong>
                  </p>
                ) : null}
                <p class="message-body">{message.body}</p>
              </details>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
