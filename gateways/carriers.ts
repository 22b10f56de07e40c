import type { Sql } from 'postgres';
import { askLateMs, askSoonMs, type Carrier } from './carrier.ts';
import { demoCarrier } from './demoInbox.ts';
import { keyLifeMs, type ResendSettings, resendCarrier } from './resend.ts';
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
    sms: twilio ? findingWhenNeeded(twilio) : demoCarrier(sql, 'sms'),
    email: resend
      ? whenNeeded(
          { askAfterMs: resend.webhookSecret ? askLateMs : askSoonMs, keyLifeMs, perMinute: resend.perMinute },
          () => resendCarrier(resend),
        )
      : demoCarrier(sql, 'email'),
  };
}

function whenNeeded(
  known: Pick<Carrier, 'askAfterMs' | 'keyLifeMs' | 'perMinute'>,
  load: () => Promise<AskedCarrier>,
): AskedCarrier {
  const loaded = once(load);
  return {
    ...known,
    send: async (letter) => (await loaded()).send(letter),
    ask: async (carrierId) => (await loaded()).ask(carrierId),
  };
}

type AskedCarrier = Carrier & Required<Pick<Carrier, 'ask'>>;

function findingWhenNeeded(settings: TwilioSettings): Carrier {
  const loaded = once(() => twilioCarrier(settings));
  return {
    ...whenNeeded({ askAfterMs: settings.statusUrl ? askLateMs : askSoonMs, perMinute: settings.perMinute }, loaded),
    find: async (letter, since, others) => (await loaded()).find(letter, since, others),
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => (loading ??= load());
}
