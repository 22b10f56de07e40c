import type { Channel, Viewer } from '../reader.ts';

export interface Fare {
  state: string;
  reason: string | null;
  /** The carrier's own, for whoever asks them about it. */
  carrierCode: string | null;
  /** A hint only: mailboxes show emails without telling, and tell without showing. */
  opened: boolean;
}

/** How a message fares, and why where it does not fare well. */
export function wordsFor({ t }: Viewer, { state, reason, carrierCode, opened }: Fare): string {
  const words = [t.people.messageStates[state] ?? state, opened && state === 'delivered' ? t.people.opened : '']
    .filter(Boolean)
    .join(', ');
  if (reason === null) return words;
  const why = t.people.messageReasons[reason] ?? reason;
  return `${words} (${state === 'failed' && carrierCode ? t.people.withCode(why, carrierCode) : why})`;
}

export interface Delivery extends Fare {
  channel: Channel;
  kind: 'link' | 'reminder' | 'confirmation';
}

/** A booking's messages, each with how it fares. */
export function Deliveries({ viewer, messages }: { viewer: Viewer; messages: Delivery[] }) {
  const { messageKinds } = viewer.t.people;
  const channels = viewer.t.common.byChannel;
  if (messages.length === 0) return null;
  return (
    <ul class="deliveries">
      {messages.map((message) => (
        <li class={`delivery ${message.state}`}>
          {messageKinds[message.kind]}, {channels[message.channel]}: {wordsFor(viewer, message)}
        </li>
      ))}
    </ul>
  );
}
