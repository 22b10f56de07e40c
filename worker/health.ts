import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Metrics, mayMeasure } from '../gateways/metrics.ts';

export interface HealthOptions {
  host: string;
  port: number;
  metrics: Metrics;
  metricsToken: string | null;
  /** Names of what this process can't work without and misses now. */
  missing(): Promise<string[]>;
}

/** Tells whoever watches over this worker whether it lives, whether it can work, and its figures. */
export async function startHealth({ host, port, metrics, metricsToken, missing }: HealthOptions) {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/healthz') return json(response, 200, { alive: true });
    if (request.url === '/readyz') {
      const names = await missing();
      return json(response, names.length === 0 ? 200 : 503, { ready: names.length === 0, missing: names });
    }
    if (request.url !== '/metrics') return json(response, 404, {});
    if (!mayMeasure(request.socket.remoteAddress ?? '', request.headers.authorization, metricsToken))
      return json(response, 403, {});
    const { type, text } = await metrics.scrape();
    response.writeHead(200, { 'content-type': type }).end(text);
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
