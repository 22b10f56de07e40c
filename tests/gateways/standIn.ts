import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached a stand-in. */
export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  text: string;
}

export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/**
 * What happens to a request instead of its answer. `hang` and `reset`: it is not looked at. `hang after` and `reset after`: it
 * is carried out, and its answer is lost.
 */
export type Mishap = Answer | 'hang' | 'reset' | 'hang after' | 'reset after';

export interface StandIn {
  /** Its address, on loopback, without a slash at the end. */
  url: string;
  /** The next requests meet these mishaps, one each. */
  failNext(...mishaps: Mishap[]): void;
  /** Ends the server and every connection. */
  stop(): Promise<void>;
}

/** A small HTTP server that speaks for a carrier. */
export async function startStandIn(answer: (request: Request) => Answer): Promise<StandIn> {
  const mishaps: Mishap[] = [];
  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    const mishap = mishaps.shift();
    if (mishap === 'hang') return;
    if (mishap === 'reset') return void incoming.socket.resetAndDestroy();
    if (typeof mishap === 'object') return write(response, mishap);
    const said = answer(request);
    if (mishap === 'hang after') return;
    if (mishap === 'reset after') return void incoming.socket.resetAndDestroy();
    write(response, said);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failNext: (...more) => void mishaps.push(...more),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(incoming: IncomingMessage): Promise<Request> {
  let text = '';
  for await (const part of incoming.setEncoding('utf8')) text += part;
  const { pathname, searchParams } = new URL(incoming.url!, 'http://stand-in');
  return { method: incoming.method!, path: pathname, query: searchParams, headers: incoming.headers, text };
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  const html = typeof body === 'string';
  response.writeHead(status, { 'Content-Type': html ? 'text/html' : 'application/json', ...headers });
  response.end(html ? body : JSON.stringify(body));
}
