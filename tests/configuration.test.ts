import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../configuration.ts';

const secret = 'a secret of thirty-two characters';
const least = {
  DATABASE_URL: 'postgres://book:secret@127.0.0.1:5432/nextvisit',
  SESSION_SECRETS: secret,
  LINK_SECRETS: `2026a:${secret}`,
};
const complaints = (env: NodeJS.ProcessEnv) => {
  try {
    readConfiguration(env);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
};

describe('the configuration', () => {
  it('needs the book and the secrets, and has a default for the rest', () => {
    expect(readConfiguration(least)).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      temporal: { taskQueue: 'nextvisit', uiUrl: null, namespace: 'default' },
      twilio: null,
      resend: null,
    });
  });

  it('has one sentence for each variable that is missing', () => {
    expect(complaints({}).map((line) => line.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'SESSION_SECRETS',
      'LINK_SECRETS',
    ]);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', 'web'],
    ['PUBLIC_URL', 'www.praktijk.example'],
    ['DATABASE_URL', 'mysql://host/nextvisit'],
    ['SESSION_SECRETS', `${secret},short`],
    ['LINK_SECRETS', secret],
    ['LINK_SECRETS', `a:${secret},a:${secret}`],
    ['LOG_LEVEL', 'loud'],
    ['NODE_ENV', 'staging'],
    ['TEMPORAL_UI_URL', 'localhost:8233'],
    ['RESEND_BASE_URL', 'ftp://host'],
    ['WORKER_DEPLOYMENT', 'without-a-build'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['SWEEP_SECONDS', '301'],
    ['DRAIN_SECONDS', '-1'],
  ])('refuses %s=%s by its name, and does not repeat the value', (name, value) => {
    const lines = complaints({ ...least, [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name} must .*\\.$`));
    expect(lines[0]).not.toContain(value);
  });

  it('collects traces only where a collector is named and nothing says no', () => {
    const traces = (env: NodeJS.ProcessEnv) => readConfiguration({ ...least, ...env }).traces;
    const named = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    expect(traces({})).toBe(false);
    expect(traces(named)).toBe(true);
    expect(traces({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' })).toBe(true);
    expect(traces({ ...named, OTEL_SDK_DISABLED: 'true' })).toBe(false);
    expect(traces({ ...named, OTEL_TRACES_EXPORTER: 'none' })).toBe(false);
  });

  it('takes an empty variable for an absent one', () => {
    expect(readConfiguration({ ...least, PORT: '', TWILIO_FROM: ' ', RESEND_API_KEY: '' })).toMatchObject({
      port: 3000,
      twilio: null,
      resend: null,
    });
  });

  it('keeps keys and secrets in their order, newest first', () => {
    const { linkKeys, sessionSecrets } = readConfiguration({
      ...least,
      SESSION_SECRETS: `${secret} 2, ${secret} 1`,
      LINK_SECRETS: `b:${secret}:with:colons, a:${secret}`,
    });
    expect(sessionSecrets).toEqual([`${secret} 2`, `${secret} 1`]);
    expect(linkKeys).toMatchObject({ newest: 'b', secrets: { b: `${secret}:with:colons`, a: secret } });
  });

  it('knows how long a link’s URL is at the public address', () => {
    const lengthOf = (env: Record<string, string>) => readConfiguration({ ...least, ...env }).linkKeys.urlLength;
    expect(lengthOf({})).toBe(`http://localhost:3000/b/${'x'.repeat(22)}`.length);
    expect(lengthOf({ PUBLIC_URL: 'https://v.example/' })).toBe(`https://v.example/b/${'x'.repeat(22)}`.length);
  });

  it('wants all of a carrier’s variables or none', () => {
    const twilio = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'token' };
    expect(complaints({ ...least, ...twilio })[0]).toMatch(/^TWILIO_ACCOUNT_SID must stand together/);
    expect(complaints({ ...least, TWILIO_FROM: '+447700900123' })[0]).toMatch(
      /^TWILIO_ACCOUNT_SID must stand together/,
    );
    expect(complaints({ ...least, RESEND_FROM: 'book@practice.example' })[0]).toMatch(
      /^RESEND_API_KEY must stand together/,
    );
    expect(readConfiguration({ ...least, ...twilio, TWILIO_MESSAGING_SERVICE_SID: 'MG1' }).twilio).toMatchObject({
      from: null,
      messagingServiceSid: 'MG1',
    });
  });

  it('builds links on the public address without a slash at its end', () => {
    expect(readConfiguration({ ...least, PUBLIC_URL: 'https://book.example.com/' }).publicUrl).toBe(
      'https://book.example.com',
    );
    expect(readConfiguration({ ...least, PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
  });
});
