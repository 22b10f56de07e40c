import { Agent, request } from 'node:http';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Keeps connections open, as browsers do. One client speaks to ours and to the peers. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** No connection outlives the figure, since a server that ends waits for them. */
export const hangUp = () => agent.destroy();

export function ask(
  method: 'GET' | 'POST',
  url: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const asking = request(url, { method, agent, headers: { ...headers, ...length } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts).toString() }),
      );
      response.on('error', reject);
    });
    asking.on('error', reject);
    asking.setTimeout(30_000, () => asking.destroy(new Error(`${method} ${url} was not answered in half a minute`)));
    asking.end(body);
  });
}

/** A browser without scripts: it keeps cookies and finds the token of its forms. */
export class Browser {
  private readonly cookies = new Map<string, string>();
  private token = '';

  constructor(readonly url: string) {}

  async get(path: string): Promise<Answer> {
    return this.keep(await ask('GET', this.url + path, this.headers()));
  }

  /** Fields as pairs where a name stands several times. */
  async post(path: string, fields: Record<string, string> | [string, string][] = {}, from?: string): Promise<Answer> {
    const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
    const form = new URLSearchParams([['_csrf', this.token], ...pairs]).toString();
    const headers = {
      ...this.headers(),
      'content-type': 'application/x-www-form-urlencoded',
      ...(from ? { 'x-forwarded-for': from } : {}),
    };
    return this.keep(await ask('POST', this.url + path, headers, form));
  }

  private headers(): Record<string, string> {
    return this.cookies.size === 0
      ? {}
      : { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  private keep(answer: Answer): Answer {
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      this.cookies.set(name!, value!);
    }
    this.token = /name="_csrf" value="([^"]+)"/.exec(answer.body)?.[1] ?? this.token;
    return answer;
  }
}

export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status)
    throw new Error(`answered with ${answer.status} instead of ${status}: ${answer.body.slice(0, 500)}`);
  return answer;
}
