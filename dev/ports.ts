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
