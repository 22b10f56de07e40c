import type { Sql } from 'postgres';
import type { Carrier } from './carrier.ts';
import { demoCarrier } from './demoInbox.ts';
import { type ResendSettings, resendCarrier } from './resend.ts';
import { type TwilioSettings, twilioCarrier } from './twilio.ts';

/**
 * The carrier of each channel: the real one where there are keys, the demo inbox elsewhere. Twilio's package takes some
 * 150 ms and 28 MB, Resend's 20 ms and 4 MB, so each is loaded with the first letter that needs it.
 */
export function createCarriers(
  { twilio, resend }: { twilio: TwilioSettings | null; resend: ResendSettings | null },
  sql: Sql,
): { sms: Carrier; email: Carrier } {
  return {
    sms: twilio ? findingWhenNeeded(() => twilioCarrier(twilio)) : demoCarrier(sql, 'sms'),
    email: resend ? whenNeeded(() => resendCarrier(resend)) : demoCarrier(sql, 'email'),
  };
}

function whenNeeded(load: () => Promise<Carrier>): Carrier {
  const loaded = once(load);
  return { send: async (letter) => (await loaded()).send(letter) };
}

function findingWhenNeeded(load: () => Promise<Required<Carrier>>): Carrier {
  const loaded = once(load);
  return {
    send: async (letter) => (await loaded()).send(letter),
    find: async (letter, since) => (await loaded()).find(letter, since),
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => (loading ??= load());
}
