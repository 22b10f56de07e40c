import type { DeliveryReport } from './carrier.ts';

type Became = Pick<DeliveryReport, 'became' | 'reason'>;

/** Resend's words for what happened to an email: https://resend.com/docs/dashboard/webhooks/event-types */
const events: Record<string, Became> = {
  sent: { became: 'sent', reason: null },
  delivery_delayed: { became: 'sent', reason: null },
  delivered: { became: 'delivered', reason: null },
  opened: { became: 'opened', reason: null },
  clicked: { became: 'opened', reason: null },
  complained: { became: 'complained', reason: null },
  bounced: { became: 'failed', reason: 'bounced' },
  suppressed: { became: 'failed', reason: 'suppressed' },
  failed: { became: 'failed', reason: 'refused' },
  canceled: { became: 'failed', reason: 'refused' },
};

/** Undefined for what says nothing yet: queued, scheduled. */
export const becameByEvent = (event: string): Became | undefined =>
  Object.hasOwn(events, event) ? events[event] : undefined;
