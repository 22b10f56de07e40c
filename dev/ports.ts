import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/** Whether nobody listens on this port of the loopback address. */
async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

/** Whether somebody answers on a port, by either of the addresses that `localhost` may mean. */
export async function isAnswered(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => connects(port, host)));
  return answers.includes(true);
}

function connects(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host })
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('connect', () => socket.destroy());
  });
}

/**
 * A port that nobody uses: the first of the wished ones that is free, else any below those that systems give to outgoing
 * connections (Linux from 32768, macOS from 49152), so that whoever comes back to it finds it free.
 */
export async function freePort(...wished: (number | undefined)[]): Promise<number> {
  const others = Array.from({ length: 20 }, () => randomInt(15_000, 32_768));
  for (const port of [...wished, ...others]) {
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
