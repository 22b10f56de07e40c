import { z } from 'zod';

const optional = z.preprocess((value) => (value === '' ? undefined : value), z.string().optional());
const port = z.coerce.number().int().min(1).max(65535);

const schema = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
    HOST: z.string().default('127.0.0.1'),
    PORT: port.default(3000),
    PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be the address patients reach, such as https://book.example' }).optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be the book’s address, such as postgres://user:password@host/nextvisit' }),
    SESSION_SECRETS: z
      .string({ error: 'must hold at least one secret of 32 characters or more' })
      .transform((text) => text.split(','))
      .refine((secrets) => secrets.every((secret) => secret.length >= 32), 'each secret must have 32 characters or more'),
    LINK_SECRETS: z
      .string({ error: 'must hold at least one key as id:secret' })
      .transform((text) => text.split(',').map((pair) => pair.split(':', 2) as [string, string | undefined]))
      .refine(
        (pairs) => pairs.every(([id, secret]) => id && secret && secret.length >= 32),
        'each key must be id:secret with a secret of 32 characters or more',
      ),
    TEMPORAL_TASK_QUEUE: z.string().min(1).default('nextvisit'),
    TEMPORAL_UI_URL: optional,
    WORKFLOW_BUNDLE: optional,
    TWILIO_ACCOUNT_SID: optional,
    TWILIO_AUTH_TOKEN: optional,
    TWILIO_FROM: optional,
    TWILIO_MESSAGING_SERVICE_SID: optional,
    TWILIO_BASE_URL: optional,
    RESEND_API_KEY: optional,
    RESEND_FROM: optional,
    RESEND_BASE_URL: optional,
  })
  .refine((env) => allOrNone([env.TWILIO_ACCOUNT_SID, env.TWILIO_AUTH_TOKEN, env.TWILIO_FROM ?? env.TWILIO_MESSAGING_SERVICE_SID]), {
    path: ['TWILIO_ACCOUNT_SID'],
    error: 'set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and one of TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID together, or none of them',
  })
  .refine((env) => allOrNone([env.RESEND_API_KEY, env.RESEND_FROM]), {
    path: ['RESEND_API_KEY'],
    error: 'set RESEND_API_KEY and RESEND_FROM together, or neither',
  });

export type Configuration = ReturnType<typeof readConfiguration>;

/** The environment did not validate; the message names each variable with what it must be. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Everything the processes are told by the environment, validated once. Temporal's own variables (TEMPORAL_ADDRESS and its
 * kin) are read by its library.
 * @throws ConfigurationError
 */
export function readConfiguration(env: NodeJS.ProcessEnv = process.env) {
  const parsed = schema.safeParse(env);
  if (!parsed.success) throw new ConfigurationError(`The configuration is not complete.\n${z.prettifyError(parsed.error)}`);
  const value = parsed.data;
  const publicUrl = (value.PUBLIC_URL ?? `http://localhost:${value.PORT}`).replace(/\/$/, '');
  return {
    production: value.NODE_ENV === 'production',
    logLevel: value.LOG_LEVEL,
    host: value.HOST,
    port: value.PORT,
    publicUrl,
    databaseUrl: value.DATABASE_URL,
    sessionSecrets: value.SESSION_SECRETS,
    linkKeys: { newest: value.LINK_SECRETS[0]![0], secrets: Object.fromEntries(value.LINK_SECRETS as [string, string][]) },
    temporal: { taskQueue: value.TEMPORAL_TASK_QUEUE, uiUrl: value.TEMPORAL_UI_URL ?? null },
    workflowBundle: value.WORKFLOW_BUNDLE ?? null,
    twilio: value.TWILIO_ACCOUNT_SID
      ? {
          accountSid: value.TWILIO_ACCOUNT_SID,
          authToken: value.TWILIO_AUTH_TOKEN!,
          from: value.TWILIO_FROM ?? null,
          messagingServiceSid: value.TWILIO_MESSAGING_SERVICE_SID ?? null,
          baseUrl: value.TWILIO_BASE_URL ?? null,
        }
      : null,
    resend: value.RESEND_API_KEY
      ? { apiKey: value.RESEND_API_KEY, from: value.RESEND_FROM!, baseUrl: value.RESEND_BASE_URL ?? null }
      : null,
  };
}

const allOrNone = (values: unknown[]) => values.every(Boolean) || !values.some(Boolean);
