import type { FiledMessage, FiledReply, PatientFile } from '../../domain/people/patientFile.ts';
import type { Viewer } from '../reader.ts';
import { wordsFor } from './Deliveries.tsx';

export interface MessageListProps {
  viewer: Viewer;
  file: Pick<PatientFile, 'messages' | 'replies'>;
}

/** What was sent to the patient, as it was worded, and how it went, and what came back. */
export function MessageList({ viewer, file }: MessageListProps) {
  const { t } = viewer;
  const rows = [
    ...file.messages.map((message) => ({
      at: message.sentAt ?? message.createdAt,
      row: <Sent viewer={viewer} message={message} />,
    })),
    ...file.replies.map((reply) => ({ at: reply.receivedAt, row: <Reply viewer={viewer} reply={reply} /> })),
  ].toSorted((one, other) => other.at.getTime() - one.at.getTime());
  return (
    <section class="card" id="messages" aria-labelledby="messages-title">
      <h2 id="messages-title">{t.people.messages}</h2>
      {rows.length === 0 ? (
        <p class="empty">{t.people.noMessages}</p>
      ) : (
        <ul class="rows">{rows.map(({ row }) => row)}</ul>
      )}
    </section>
  );
}

function Sent({ viewer, message }: { viewer: Viewer; message: FiledMessage }) {
  const { t, f } = viewer;
  return (
    <li class="row" id={`message-${message.id}`}>
      <details>
        <summary>
          <time dateTime={message.createdAt.toISOString()}>{f.dateTime(message.sentAt ?? message.createdAt)}</time>{' '}
          {t.people.messageKinds[message.kind]} · {t.common.channels[message.channel]}{' '}
          <span class={`badge ${message.state}`}>
            {wordsFor(viewer, { ...message, opened: message.openedAt !== null })}
          </span>
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
  );
}

function Reply({ viewer, reply }: { viewer: Viewer; reply: FiledReply }) {
  const { t, f } = viewer;
  return (
    <li class="row" id={`reply-${reply.id}`}>
      <div>
        <time dateTime={reply.receivedAt.toISOString()}>{f.dateTime(reply.receivedAt)}</time>{' '}
        <span class="badge">{t.people.reply}</span> {t.common.channels.sms}
        <p class="message-body">{reply.body}</p>
      </div>
    </li>
  );
}
