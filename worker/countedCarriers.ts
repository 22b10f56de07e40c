import { type Carrier, CarrierError, type Channel } from '../gateways/carrier.ts';
import type { Metrics } from '../gateways/metrics.ts';

type Carriers = Record<Channel, Carrier>;

/** Carriers whose answers are counted: taken, or the kind of refusal. */
export const countedCarriers = ({ sms, email }: Carriers, { send }: Metrics): Carriers => ({
  sms: counted(sms, (outcome) => send('sms', outcome)),
  email: counted(email, (outcome) => send('email', outcome)),
});

function counted(carrier: Carrier, count: (outcome: string) => void): Carrier {
  return {
    ...carrier,
    async send(letter) {
      try {
        const taken = await carrier.send(letter);
        count('taken');
        return taken;
      } catch (error) {
        count(error instanceof CarrierError ? error.kind : 'fault');
        throw error;
      }
    },
  };
}
