import { createServer } from 'node:net';

/** Whether nobody listens on this port of the loopback address. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

/** A port that nobody uses: the first of the wished ones that is free, else one of the system's choice. */
export async function freePort(...wished: (number | undefined)[]): Promise<number> {
  for (const port of wished) {
    if (port !== undefined && (await isFree(port))) return port;
  }
  return (await listenOnce(0))!;
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
