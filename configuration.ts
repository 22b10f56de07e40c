import { z } from 'zod';
import { linkPath, tokenLength } from './domain/bookings/linkPath.ts';

const secretLength = 32;
const webAddress = (example: string) => z.url({ protocol: /^https?$/, error: `must be an address such as ${example}` });
const words = z.string();
const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, 1 to 65535')
  .transform(Number)
  .refine((number) => number >= 1 && number <= 65_535, 'must be a port, 1 to 65535');

const seconds = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `must be seconds, ${least} to ${most}`)
    .transform(Number)
    .refine((number) => number >= least && number <= most, `must be seconds, ${least} to ${most}`);

const rate = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'must be how many messages of one practice may leave in a minute, 1 to 99999')
  .transform(Number);

const plainName = words.regex(/^[\w-][\w.-]{0,99}$/, 'must be letters, digits, dots and dashes');

/** How traces travel; the library that is loaded for them speaks this only. */
const otlp = z.literal('http/protobuf', { error: 'must be http/protobuf' });

/** `a, b` is two values; blanks around them do not count. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const keys = list.transform((pairs) =>
  pairs.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)] as const),
);

const schema = z
  .object({
    NODE_ENV: z
      .enum(['development', 'test', 'production'], { error: 'must be development, test or production' })
      .default('development'),
    LOG_LEVEL: z
      .enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'], {
        error: 'must be silent, fatal, error, warn, info, debug or trace',
      })
      .default('info'),
    HOST: words.default('127.0.0.1'),
    PORT: port.default(3000),
    PUBLIC_URL: webAddress('https://book.example.com, where patients reach the pages').optional(),
    DATABASE_URL: z.url({
      protocol: /^postgres(ql)?$/,
      error: 'must be an address such as postgres://user:password@host:5432/nextvisit',
    }),
    SESSION_SECRETS: list.refine(
      (secrets) => secrets.length > 0 && secrets.every((secret) => secret.length >= secretLength),
      `must be secrets of at least ${secretLength} characters each, separated by commas, the newest first`,
    ),
    LINK_SECRETS: keys
      .refine(
        (pairs) =>
          pairs.length > 0 && pairs.every(([id, secret]) => /^[\w.-]+$/.test(id) && secret.length >= secretLength),
        `must be keys such as 2026a:secret, with secrets of at least ${secretLength} characters, separated by commas, the newest first`,
      )
      .refine((pairs) => new Set(pairs.map(([id]) => id)).size === pairs.length, 'must not name the same key twice'),
    TEMPORAL_TASK_QUEUE: words.default('nextvisit'),
    TEMPORAL_NAMESPACE: words.default('default'),
    TEMPORAL_UI_URL: webAddress('https://temporal.example.com').optional(),
    WORKFLOW_BUNDLE: words.optional(),
    WORKER_BUILD_ID: plainName.optional(),
    WORKER_DEPLOYMENT: plainName.optional(),
    WORKER_HEALTH_PORT: port.optional(),
    DRAIN_SECONDS: seconds(0, 300).default(0),
    SWEEP_SECONDS: seconds(1, 300).default(300),
    METRICS_TOKEN: words.min(secretLength, `must have at least ${secretLength} characters`).optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: webAddress('http://127.0.0.1:4318').optional(),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: webAddress('http://127.0.0.1:4318/v1/traces').optional(),
    OTEL_EXPORTER_OTLP_PROTOCOL: otlp.optional(),
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: otlp.optional(),
    OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], { error: 'must be otlp or none' }).default('otlp'),
    OTEL_SDK_DISABLED: words.optional(),
    TWILIO_ACCOUNT_SID: words.startsWith('AC', { error: 'must be the account’s SID, which begins with AC' }).optional(),
    TWILIO_AUTH_TOKEN: words.optional(),
    TWILIO_FROM: words.optional(),
    TWILIO_MESSAGING_SERVICE_SID: words
      .startsWith('MG', { error: 'must be the messaging service’s SID, which begins with MG' })
      .optional(),
    TWILIO_PER_MINUTE: rate.default(60),
    TWILIO_BASE_URL: webAddress('http://127.0.0.1:4010').optional(),
    RESEND_API_KEY: words.optional(),
    RESEND_FROM: words.optional(),
    RESEND_WEBHOOK_SECRET: words
      .regex(/^whsec_[A-Za-z0-9+/=]{16,}$/, 'must be the signing secret of the webhook, which begins with whsec_')
      .optional(),
    RESEND_PER_MINUTE: rate.default(100),
    RESEND_BASE_URL: webAddress('http://127.0.0.1:4011').optional(),
  })
  .refine(
    (env) =>
      allOrNone(env.TWILIO_ACCOUNT_SID, env.TWILIO_AUTH_TOKEN, env.TWILIO_FROM ?? env.TWILIO_MESSAGING_SERVICE_SID),
    {
      path: ['TWILIO_ACCOUNT_SID'],
      error:
        'must stand together with TWILIO_AUTH_TOKEN and with TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID, or none of them may stand',
    },
  )
  .refine((env) => !env.WORKER_DEPLOYMENT || env.WORKER_BUILD_ID, {
    path: ['WORKER_DEPLOYMENT'],
    error: 'must stand together with WORKER_BUILD_ID, which tells its versions apart',
  })
  .refine((env) => allOrNone(env.RESEND_API_KEY, env.RESEND_FROM), {
    path: ['RESEND_API_KEY'],
    error: 'must stand together with RESEND_FROM, or neither may stand',
  });

export type Configuration = ReturnType<typeof readConfiguration>;

/** The environment did not validate; the message has one sentence, and one line, for each variable that is wrong. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Everything the processes are told by the environment, validated once; an empty variable counts as absent. Temporal's own
 * variables (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and their kin) are read by its library, and so are most of OpenTelemetry's.
 * @throws ConfigurationError
 */
export function readConfiguration(env: NodeJS.ProcessEnv = process.env) {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(present, {
    error: (issue) => (issue.input === undefined ? 'is missing' : undefined),
  });
  if (!parsed.success)
    throw new ConfigurationError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`).join('\n'),
    );
  const value = parsed.data;
  const publicUrl = (value.PUBLIC_URL ?? `http://localhost:${value.PORT}`).replace(/\/+$/, '');
  return {
    production: value.NODE_ENV === 'production',
    logLevel: value.LOG_LEVEL,
    host: value.HOST,
    port: value.PORT,
    publicUrl,
    databaseUrl: value.DATABASE_URL,
    sessionSecrets: value.SESSION_SECRETS,
    linkKeys: {
      newest: value.LINK_SECRETS[0]![0],
      secrets: Object.fromEntries(value.LINK_SECRETS) as Record<string, string>,
      urlLength: `${publicUrl}${linkPath('choose', '')}`.length + tokenLength,
    },
    temporal: {
      taskQueue: value.TEMPORAL_TASK_QUEUE,
      uiUrl: value.TEMPORAL_UI_URL?.replace(/\/+$/, '') ?? null,
      namespace: value.TEMPORAL_NAMESPACE,
    },
    workflowBundle: value.WORKFLOW_BUNDLE ?? null,
    workerBuildId: value.WORKER_BUILD_ID ?? null,
    /** As which version of its deployment a worker takes work; without it, it takes all there is. */
    workerVersion: value.WORKER_DEPLOYMENT
      ? { deploymentName: value.WORKER_DEPLOYMENT, buildId: value.WORKER_BUILD_ID! }
      : null,
    workerHealthPort: value.WORKER_HEALTH_PORT ?? null,
    /** Whether traces are collected; the rest is read by OpenTelemetry's library. */
    traces:
      Boolean(value.OTEL_EXPORTER_OTLP_ENDPOINT ?? value.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) &&
      value.OTEL_TRACES_EXPORTER === 'otlp' &&
      value.OTEL_SDK_DISABLED?.toLowerCase() !== 'true',
    drainSeconds: value.DRAIN_SECONDS,
    sweepSeconds: value.SWEEP_SECONDS,
    metricsToken: value.METRICS_TOKEN ?? null,
    twilio: value.TWILIO_ACCOUNT_SID
      ? {
          accountSid: value.TWILIO_ACCOUNT_SID,
          authToken: value.TWILIO_AUTH_TOKEN!,
          from: value.TWILIO_FROM ?? null,
          messagingServiceSid: value.TWILIO_MESSAGING_SERVICE_SID ?? null,
          baseUrl: value.TWILIO_BASE_URL ?? null,
          perMinute: value.TWILIO_PER_MINUTE,
          statusUrl: publicUrl.startsWith('https:') ? `${publicUrl}/webhooks/twilio/status` : null,
        }
      : null,
    resend: value.RESEND_API_KEY
      ? {
          apiKey: value.RESEND_API_KEY,
          from: value.RESEND_FROM!,
          baseUrl: value.RESEND_BASE_URL ?? null,
          perMinute: value.RESEND_PER_MINUTE,
          webhookSecret: value.RESEND_WEBHOOK_SECRET ?? null,
        }
      : null,
  };
}

/** For a process's first line: what is wrong is said in words, and the process ends. */
export function configurationOrExit(): Configuration {
  try {
    return readConfiguration();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

const allOrNone = (...values: unknown[]) => values.every(Boolean) || !values.some(Boolean);
