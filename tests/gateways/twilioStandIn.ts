import { randomBytes } from 'node:crypto';
import type { TwilioSettings } from '../../gateways/twilio.ts';
import { type Answer, type Request, type StandIn, startStandIn } from './standIn.ts';

/** A message as Twilio keeps it, as far as it matters here. */
export interface TwilioMessage {
  sid: string;
  to: string;
  from: string | null;
  messagingServiceSid: string | null;
  body: string;
  statusCallback: string | null;
  status: string;
  errorCode: number | null;
  createdAt: Date;
}

export interface TwilioStandIn extends StandIn {
  /** What a gateway needs to speak to it. */
  settings: TwilioSettings;
  /** All messages that were taken, oldest first; tests may change or add to them. */
  messages: TwilioMessage[];
}

/** The numbers that Twilio's test credentials refuse: https://www.twilio.com/docs/iam/test-credentials */
export const refusedNumbers: Record<string, [number, string]> = {
  '+15005550001': [21211, "Invalid 'To' Phone Number"],
  '+15005550002': [21612, 'Message cannot be sent with the current combination of To and From parameters'],
  '+15005550003': [21408, 'Permission to send an SMS has not been enabled for the region'],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21614, "'To' number is not a valid mobile number"],
};

/** An error as Twilio words it. */
export const twilioError = (
  status: number,
  code: number,
  message: string,
  headers?: Record<string, string>,
): Answer => ({
  status,
  headers,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

/** Speaks Twilio's Messages resource of 2010-04-01: create, fetch and list. */
export async function startTwilioStandIn(): Promise<TwilioStandIn> {
  const accountSid = `AC${randomBytes(16).toString('hex')}`;
  const authToken = randomBytes(16).toString('hex');
  const messages: TwilioMessage[] = [];
  const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;

  const standIn = await startStandIn((request) => {
    if (request.headers.authorization !== authorization) return twilioError(401, 20003, 'Authenticate');
    const asked = messages.find(({ sid }) => request.path === path.replace('.json', `/${sid}.json`));
    if (asked && request.method === 'GET') return { status: 200, body: resource(asked, accountSid) };
    if (request.path !== path) return twilioError(404, 20404, 'The requested resource was not found');
    return request.method === 'POST' ? create(request, messages, accountSid) : list(request, messages, accountSid);
  });
  const settings = {
    accountSid,
    authToken,
    from: '+447700900000',
    messagingServiceSid: null,
    baseUrl: standIn.url,
    statusUrl: null,
    perMinute: 6_000,
  };
  return { ...standIn, settings, messages };
}

function create({ headers, text }: Request, messages: TwilioMessage[], accountSid: string): Answer {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return twilioError(415, 20415, 'Unsupported media');
  const form = new URLSearchParams(text);
  const [to, from, body, messagingServiceSid] = ['To', 'From', 'Body', 'MessagingServiceSid'].map((name) =>
    form.get(name),
  );
  if (!to) return twilioError(400, 21604, "A 'To' phone number is required.");
  if (!from && !messagingServiceSid) return twilioError(400, 21603, "A 'From' phone number is required.");
  if (!body) return twilioError(400, 21602, 'Message body is required.');
  if (body.length > 1600)
    return twilioError(400, 21617, 'The concatenated message body exceeds the 1600 character limit.');
  const refused = /^\+[1-9]\d{6,14}$/.test(to) ? refusedNumbers[to] : refusedNumbers['+15005550001'];
  if (refused) return twilioError(400, refused[0], refused[1]);
  const message = {
    sid: `SM${randomBytes(16).toString('hex')}`,
    to,
    from: from ?? null,
    messagingServiceSid: messagingServiceSid ?? null,
    body,
    statusCallback: form.get('StatusCallback'),
    status: messagingServiceSid ? 'accepted' : 'queued',
    errorCode: null,
    createdAt: new Date(),
  };
  messages.push(message);
  return { status: 201, body: resource(message, accountSid) };
}

function list({ query }: Request, messages: TwilioMessage[], accountSid: string): Answer {
  const size = Number(query.get('PageSize') ?? 50);
  const found = messages.filter(({ to }) => !query.has('To') || to === query.get('To')).reverse();
  return {
    status: 200,
    body: {
      messages: found.slice(0, size).map((message) => resource(message, accountSid)),
      page: 0,
      page_size: size,
      start: 0,
      end: Math.min(found.length, size) - 1,
      uri: `/2010-04-01/Accounts/${accountSid}/Messages.json`,
      first_page_uri: `/2010-04-01/Accounts/${accountSid}/Messages.json?PageSize=${size}&Page=0`,
      next_page_uri: null,
      previous_page_uri: null,
    },
  };
}

/** The resource as JSON; dates in RFC 2822, in whole seconds; what still waits in the queue has no date sent. */
function resource(message: TwilioMessage, accountSid: string) {
  const created = message.createdAt.toUTCString().replace('GMT', '+0000');
  const waiting = message.status === 'queued' || message.status === 'accepted';
  return {
    sid: message.sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: created,
    date_sent: waiting ? null : created,
    date_updated: created,
    direction: 'outbound-api',
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: '0',
    num_segments: message.messagingServiceSid ? '0' : '1',
    price: null,
    price_unit: 'USD',
    status: message.status,
    subresource_uris: { media: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}/Media.json` },
    to: message.to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}.json`,
  };
}
