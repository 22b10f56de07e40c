import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { ask, expectStatus } from '../browser.ts';
import { atOnce, type Figure, inTurn, rounds, type Spread, timed } from '../figure.ts';
import { openBookings } from '../openBookings.ts';
import { startApi, startPeerServer } from '../processes.ts';

/** Half a second on either side, and as much before it counts: an api is not at its rate before its code is warm. */
const aRound = 2_500;
const width = 32;
const authToken = 'token-of-the-bench';
/** As in production: a proxy stands where it leads, and it names no port. */
const publicUrl = 'https://visit.example';
const twilio = { TWILIO_ACCOUNT_SID: 'ACbench', TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: '+15005550006' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

export const webhook: Figure = {
  name: 'webhook',
  what: `Twilio’s signed calls that a message was delivered, ${width} at once, each another message, until each is committed and answered`,
  unit: 'calls a second',
  better: 'higher',
  target: 'ours/peer ≥ 0.3',
  async measure(ground) {
    const book = await ground.openBook();
    const { sql } = book;
    const [api, peer] = await Promise.all([
      startApi(ground, book, { ...twilio, PUBLIC_URL: publicUrl }),
      startPeerServer(ground, book),
    ]);
    const count = ground.sized(aRound);
    await openBookings(book, { count: (rounds + 1) * count });
    await sql`update messages set state = 'sent', delivered_at = null`;
    const ids = (await sql<{ id: string }[]>`select carrier_id as id from messages order by id`).map(({ id }) => id);
    const path = '/webhooks/twilio/status';
    const url = `${api.url}${path}`;
    const calls = ids.map((id) => {
      const fields = { AccountSid: 'ACbench', MessageSid: id, MessageStatus: 'delivered', To: '+31600000001' };
      return {
        headers: {
          ...form,
          'x-twilio-signature': getExpectedTwilioSignature(authToken, `${publicUrl}${path}`, fields),
        },
        body: new URLSearchParams(fields).toString(),
      };
    });
    let next = 0;

    async function ours(): Promise<Spread> {
      const coming = calls.slice(next, next + count);
      next += count;
      const spread = await rateOf(coming.length, () =>
        atOnce(coming, width, async ({ headers, body }) => expectStatus(await ask('POST', url, headers, body), 204)),
      );
      const [row] = await sql`select count(*)::int as delivered from messages where state = 'delivered'`;
      if (row!.delivered !== next) throw new Error(`${row!.delivered} messages are delivered instead of ${next}`);
      return spread;
    }

    const oneLine = () =>
      rateOf(4 * count, () =>
        atOnce(Array.from({ length: 4 * count }), width, async (_, i) =>
          expectStatus(await ask('POST', `${peer.url}/hook`, form, calls[i % calls.length]!.body), 204),
        ),
      );

    await ours();
    await oneLine();
    const measured = await inTurn(ours, oneLine);
    const ratio = measured.ours.p50 / measured.peer.p50;
    return {
      ours: measured.ours,
      peer: { name: 'a one-line Fastify route, the same bodies', ...measured.peer },
      ratio,
      pass: ratio >= 0.3,
    };
  },
};

async function rateOf(count: number, work: () => Promise<void>): Promise<Spread> {
  const rate = count / ((await timed(work)) / 1000);
  return { p50: rate, p95: rate };
}
