import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The proxy in front, as simple as they come: in turn to each that said on `/readyz` not long ago that it is ready. It tries
 * nothing twice: what an api drops is a failed request (502).
 */
export async function startBalancer(upstreams: string[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const ready = new Set<string>();
  let turn = 0;

  async function look(): Promise<void> {
    await Promise.all(
      upstreams.map(async (url) => {
        const status = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 200) ready.add(url);
        else ready.delete(url);
      }),
    );
  }

  const server = createServer((incoming, outgoing) => {
    const living = upstreams.filter((url) => ready.has(url));
    const upstream = living[turn++ % living.length];
    const fail = () => outgoing.headersSent || outgoing.writeHead(502).end();
    if (!upstream) return fail();
    const { connection: _, ...headers } = incoming.headers;
    const asking = request(upstream + incoming.url, { method: incoming.method, headers, agent }, (answer) => {
      const { connection: _ours, 'keep-alive': _theirs, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode!, rest);
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    asking.on('error', fail);
    incoming.pipe(asking);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await look();
  const looking = setInterval(() => void look(), 100);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: () => ready.size,
    stop: () => {
      clearInterval(looking);
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}
