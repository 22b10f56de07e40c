import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../domain/contract.ts';
import { CarrierError } from '../../gateways/carrier.ts';
import { demoCarrier } from '../../gateways/demoInbox.ts';
import type { Spans } from '../../gateways/spans.ts';
import { createSpans } from '../../gateways/traces.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildTestApp, visitor } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { atRest, eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';
import { type CollectedSpan, startCollector } from './collector.ts';

let collector: Awaited<ReturnType<typeof startCollector>>;
let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;
let app: FastifyInstance;
let api: Spans;
let workers: Spans;
let emailFailures = 0;
const variables = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TIMEOUT', 'OTEL_BSP_SCHEDULE_DELAY'];

beforeAll(async () => {
  collector = await startCollector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  process.env.OTEL_BSP_SCHEDULE_DELAY = '50';
  const log = pino({ level: 'silent' });
  api = await createSpans(true, 'nextvisit-api', log);
  workers = await createSpans(true, 'nextvisit-worker', log);
  db = await freshDatabase();
  built = await buildPractice(db);
  const inbox = demoCarrier(db.sql, 'email');
  const email: typeof inbox = {
    ...inbox,
    send: (letter) =>
      emailFailures-- > 0
        ? Promise.reject(new CarrierError('temporary', 'rate_limited', 429, 100))
        : inbox.send(letter),
  };
  worker = await startTestWorker(db, { carriers: { sms: demoCarrier(db.sql, 'sms'), email } }, { spans: workers });
  app = await buildTestApp(db, {}, { spans: api });
});

afterAll(async () => {
  for (const name of variables) delete process.env[name];
  await app?.close();
  await worker?.stop();
  await Promise.all([api?.stop(), workers?.stop()]);
  collector?.stop();
  await db?.drop();
});

async function confirmOnline(before = () => {}) {
  const sent = await buildSent(db, built);
  await atRest(db);
  before();
  const browser = visitor(app);
  const startsAt = /name="startsAt" value="(\d+)"/.exec((await browser.get(`/b/${sent.token}?from=mail`)).body)![1]!;
  await browser.post(`/b/${sent.token}/hold`, { startsAt });
  expect((await browser.post(`/b/${sent.token}/confirmation`)).statusCode).toBe(303);
  return sent;
}

/** The trace of a booking's confirmation, when it holds a span of each name. */
async function traceOf(bookingId: string, ...names: string[]): Promise<CollectedSpan[]> {
  const trace = () => {
    const carried = collector.spans.find(
      ({ name, attributes }) => name === 'relay bookingConfirmed' && attributes['nextvisit.booking'] === bookingId,
    );
    return collector.spans.filter(({ traceId }) => traceId === carried?.traceId);
  };
  return eventually(
    async () => trace(),
    (spans) => names.every((wanted) => spans.some(({ name }) => name === wanted)),
  );
}

describe('a trace', () => {
  it('goes from the patient’s confirmation through relay and workflow to each step and the carriers', async () => {
    const { bookingId, token, patient } = await confirmOnline();
    const spans = await traceOf(bookingId, 'step settle', 'carrier email send', 'POST /b/:token/confirmation');
    const named = (name: string) => spans.filter((span) => span.name === name);
    const [request, relay, workflow] = [
      'POST /b/:token/confirmation',
      'relay bookingConfirmed',
      'workflow bookingConfirmed',
    ].map((name) => named(name)[0]!);
    expect(request).toMatchObject({ service: 'nextvisit-api', parentSpanId: '' });
    expect(relay).toMatchObject({ service: 'nextvisit-worker', parentSpanId: request!.spanId });
    expect(workflow).toMatchObject({ service: 'nextvisit-worker', parentSpanId: relay!.spanId });
    for (const step of ['bookOnline', 'settle']) {
      expect(named(`step ${step}`).map(({ parentSpanId }) => parentSpanId)).toEqual([workflow!.spanId]);
    }
    const [sending] = named('step bookOnline');
    for (const channel of ['sms', 'email'])
      expect(named(`carrier ${channel} send`)).toMatchObject([{ parentSpanId: sending!.spanId }]);
    expect(request!.attributes).toMatchObject({
      'http.route': '/b/:token/confirmation',
      'http.response.status_code': '303',
    });
    expect(sending!.attributes).toMatchObject({
      'nextvisit.request': request!.attributes['nextvisit.request'],
      'nextvisit.workflow': workflowIdOf(bookingId),
    });

    const all = collector.raw.join('\n');
    expect(all).toContain('/b/:token/confirmation');
    for (const personal of [token, patient.lastName, patient.email!, patient.mobile!, 'from=mail']) {
      expect(all).not.toContain(personal);
    }
  });

  it('says of a carrier and a step that failed why, in a word', async () => {
    const { bookingId } = await confirmOnline(() => {
      emailFailures = 1;
    });
    const failed = await traceOf(bookingId, 'carrier email send');
    expect(failed.find(({ name }) => name === 'carrier email send')).toMatchObject({
      status: 2,
      attributes: { 'error.type': 'rate_limited' },
    });
    const spans = await traceOf(bookingId, 'step settle');
    const ends = (step: string) => spans.filter(({ name }) => name === `step ${step}`).map(({ status }) => status);
    expect([ends('bookOnline'), ends('writeAppointment'), ends('sendConfirmation')]).toEqual([[2], [0], [0]]);
  });

  it('is not begun by who only looks whether the process lives', async () => {
    await visitor(app).get('/healthz');
    await visitor(app).get('/sign-in');
    await eventually(
      async () => collector.spans.map(({ name }) => name),
      (names) => names.includes('GET /sign-in'),
    );
    expect(collector.spans.map(({ name }) => name)).not.toContain('GET /healthz');
  });
});

describe('a collector that is away', () => {
  it('is complained of in one line, and nobody waits for it', async () => {
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:9';
    process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '300';
    const said: { level: number; said: string }[] = [];
    const spans = await createSpans(
      true,
      'nextvisit-test',
      pino({}, { write: (line: string) => void said.push(JSON.parse(line)) }),
    );
    spans.begin('one', null).end();
    await expect.poll(() => said.length).toBe(1);
    spans.begin('two', null).end();
    await pause(1_000);
    expect(said).toMatchObject([{ level: 40, msg: 'traces do not reach their collector' }]);
    expect(said[0]!.said.length).toBeLessThan(100);
    spans.begin('three', null).end();
    const asked = Date.now();
    await spans.stop();
    // Left to itself the exporter tries for ten seconds.
    expect(Date.now() - asked).toBeLessThan(5_000);
  });
});

describe('without a collector', () => {
  const loaded = async (wanted: boolean) => {
    const script = `
      await import('./api/app.ts'); await import('./worker/bookingWorker.ts'); await import('./worker/relay.ts');
      const { createSpans } = await import('./gateways/traces.ts');
      await createSpans(${wanted}, 'test', console);
      const { default: { _cache } } = await import('node:module');
      console.log(Object.keys(_cache).filter((file) => /@opentelemetry.(?!api\\b)/.test(file)).length);
      process.exit();`;
    const node = ['--import', 'tsx', '--input-type=module', '--eval', script];
    return Number((await promisify(execFile)(process.execPath, node)).stdout);
  };

  it('nothing of OpenTelemetry is loaded, but for the few names that prom-client brings', async () => {
    expect(await loaded(false)).toBe(0);
    expect(await loaded(true)).toBeGreaterThan(10);
  });
});
