import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is read anew for each scrape. */
export interface Measured {
  relay: { waiting: number; parked: number; lagSeconds: number };
  bookings: { state: string; count: number }[];
  holds: number;
  workers: number;
  claims: { won: number; lost: number };
}

export interface Metrics {
  /** A request that was answered; `route` is its pattern, so that no address is a label. */
  request(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** A message that was handed to a carrier. */
  send(channel: string, outcome: string): void;
  /** The text of a scrape, and its type. */
  scrape(): Promise<{ type: string; text: string }>;
}

/** Figures of this process and, read at each scrape, of the whole installation, as Prometheus reads them. */
export function createMetrics(read: () => Promise<Measured>): Metrics {
  const registers = [new Registry()];
  collectDefaultMetrics({ register: registers[0]! });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const requests = new Histogram({
    name: 'nextvisit_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const sends = new Counter({
    name: 'nextvisit_sends_total',
    help: 'Messages handed to a carrier, by what it said',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const claims = new Counter({
    name: 'nextvisit_claims_total',
    help: 'Times that people asked for in the book, by whether they got them',
    labelNames: ['outcome'],
    registers,
  });
  const bookings = gauge('nextvisit_bookings', 'Bookings under way, by stage', ['stage']);
  const relayWaiting = gauge('nextvisit_relay_waiting', 'Messages on their way to workflows');
  const relayParked = gauge('nextvisit_relay_parked', 'Messages to workflows that were refused');
  const relayLag = gauge('nextvisit_relay_lag_seconds', 'How long the oldest message on its way has waited');
  const holds = gauge('nextvisit_holds', 'Times that patients hold now');
  const workers = gauge('nextvisit_workers', 'Workers that are there');

  return {
    request: ({ method, route, status }, seconds) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    send: (channel, outcome) => sends.inc({ channel, outcome }),
    async scrape() {
      const now = await read();
      bookings.reset();
      for (const { state, count } of now.bookings) bookings.set({ stage: state }, count);
      relayWaiting.set(now.relay.waiting);
      relayParked.set(now.relay.parked);
      relayLag.set(now.relay.lagSeconds);
      holds.set(now.holds);
      workers.set(now.workers);
      claims.reset();
      claims.inc({ outcome: 'won' }, now.claims.won);
      claims.inc({ outcome: 'lost' }, now.claims.lost);
      return { type: registers[0]!.contentType, text: await registers[0]!.metrics() };
    },
  };
}

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** Whether somebody may read the figures: from this machine itself, or with the token. */
export const mayMeasure = (address: string, authorization: string | undefined, token: string | null): boolean =>
  loopback.test(address) || (token !== null && authorization === `Bearer ${token}`);
