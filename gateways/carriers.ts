import type { Sql } from 'postgres';
import type { Carrier, Delivery } from '../domain/messages/deliver.ts';
import { demoCarrier } from './demoInbox.ts';
import { type ResendSettings, resendCarrier } from './resend.ts';
import { type TwilioSettings, twilioCarrier } from './twilio.ts';

/** The carrier of each channel: the real one where there are keys, the demo inbox elsewhere. SDKs are loaded when needed. */
export function createCarriers(
  { twilio, resend }: { twilio: TwilioSettings | null; resend: ResendSettings | null },
  sql: Sql,
): Delivery['carriers'] {
  return {
    sms: twilio ? whenNeeded(() => twilioCarrier(twilio), true) : demoCarrier(sql, 'sms'),
    email: resend ? whenNeeded(() => resendCarrier(resend), false) : demoCarrier(sql, 'email'),
  };
}

function whenNeeded(load: () => Promise<Carrier>, finds: boolean): Carrier {
  let loading: Promise<Carrier> | undefined;
  const loaded = () => (loading ??= load());
  return {
    send: async (letter) => (await loaded()).send(letter),
    ...(finds ? { find: async (letter, since) => (await loaded()).find!(letter, since) } : {}),
  };
}
