import type { FastifyInstance } from 'fastify';

/** What a connection may cost before it is closed; times in milliseconds. */
export interface HttpLimits {
  /** Of a request's head, in bytes. */
  headBytes: number;
  headMs: number;
  /** Of a whole request, head and body. Answers take as long as they take: screens follow event streams. */
  requestMs: number;
  /** Between two requests of a connection. Longer than the proxies in front keep theirs, or they would meet closed ones. */
  idleMs: number;
  /** How often the above are looked at. */
  checkEveryMs: number;
  /** At a time, in this process; what comes beyond them is turned away at once. */
  connections: number;
}

export const httpLimits: HttpLimits = {
  headBytes: 16 * 1024,
  headMs: 10_000,
  requestMs: 20_000,
  idleMs: 75_000,
  checkEveryMs: 1_000,
  connections: 2_000,
};

/** As the server is made with. */
export const serverOptions = ({ headBytes, headMs, requestMs, idleMs, checkEveryMs }: HttpLimits) => ({
  http: { maxHeaderSize: headBytes, headersTimeout: headMs, connectionsCheckingInterval: checkEveryMs },
  requestTimeout: requestMs,
  keepAliveTimeout: idleMs,
});

/** What can only be set on the server itself. */
export function limitConnections({ server }: FastifyInstance, { connections }: HttpLimits): void {
  server.maxConnections = connections;
}
