import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FailingCarriers {
  /** What tells the product's processes where they are. */
  env: Record<string, string>;
  /** How many letters each telephone and mailbox got. */
  received: Map<string, number>;
  failures(): number;
  stop(): Promise<void>;
}

/** One in so many calls goes wrong: answered 500 or 429, or carried out and the line dropped. */
const oneIn = 20;

interface Sms {
  sid: string;
  to: string;
  body: string;
  date_created: string;
}

/** Twilio and Resend on loopback, as far as the product speaks with them, failing now and then. */
export async function startFailingCarriers(): Promise<FailingCarriers> {
  const received = new Map<string, number>();
  const texts = new Map<string, Sms[]>();
  const emails = new Map<string, string>();
  let [calls, failures, ids] = [0, 0, 0];
  const arrived = (to: string) => received.set(to, (received.get(to) ?? 0) + 1);

  function takeSms(form: URLSearchParams): object {
    const [to, body] = [form.get('To')!, form.get('Body')!];
    const created = new Date().toUTCString().replace('GMT', '+0000');
    const sms = { sid: `SM${++ids}`, to, body, date_created: created, status: 'queued', error_code: null };
    texts.set(to, [...(texts.get(to) ?? []), sms]);
    arrived(to);
    return sms;
  }

  function takeEmail(key: string, text: string): object {
    const before = emails.get(key);
    if (before) return { id: before };
    emails.set(key, `re-${++ids}`);
    arrived((JSON.parse(text) as { to: string }).to);
    return { id: emails.get(key) };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    const { pathname, searchParams } = new URL(request.url!, 'http://carrier');
    const mishap = request.method === 'POST' && ++calls % oneIn === 0 ? ++failures % 3 : null;
    if (mishap === 0)
      return say(response, 500, { name: 'internal_server_error', code: 20500, message: 'x', status: 500 });
    if (mishap === 1)
      return say(
        response,
        429,
        { name: 'rate_limit_exceeded', code: 20429, message: 'x', status: 429 },
        { 'retry-after': '1' },
      );
    const said = carryOut(request, pathname, searchParams, text);
    if (mishap === 2) return void request.socket.resetAndDestroy();
    say(response, request.method === 'POST' && pathname !== '/emails' ? 201 : 200, said);
  }

  function carryOut({ method, headers }: IncomingMessage, path: string, query: URLSearchParams, text: string): object {
    if (path === '/emails') return takeEmail(String(headers['idempotency-key']), text);
    if (path.startsWith('/emails/')) return { object: 'email', id: path.slice(8), last_event: 'delivered' };
    if (method === 'POST') return takeSms(new URLSearchParams(text));
    const sid = /\/Messages\/(\w+)\.json$/.exec(path)?.[1];
    if (sid) return { sid, status: 'delivered', error_code: null, date_created: new Date().toUTCString() };
    return {
      messages: [...(texts.get(query.get('To')!) ?? [])].reverse(),
      page: 0,
      page_size: 50,
      next_page_uri: null,
    };
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: {
      TWILIO_ACCOUNT_SID: 'AC0123456789',
      TWILIO_AUTH_TOKEN: 'the-token-of-the-soak',
      TWILIO_FROM: '+31600000000',
      TWILIO_BASE_URL: url,
      TWILIO_PER_MINUTE: '9999',
      RESEND_API_KEY: 're_soak',
      RESEND_FROM: 'bookings@practice.example',
      RESEND_BASE_URL: url,
      RESEND_PER_MINUTE: '9999',
    },
    received,
    failures: () => failures,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function say(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
