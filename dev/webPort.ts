import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Mishap } from './mishap.ts';
import { isAnswered } from './ports.ts';

/**
 * Sees to it that the pages' port can be had. The processes of a start that was killed need some seconds to notice.
 * @throws Mishap that names the way out
 */
export async function checkWebPort(port: number, host: string, wasLeftBehind: boolean): Promise<void> {
  for (const until = Date.now() + (wasLeftBehind ? 8_000 : 0); ; await pause(200)) {
    const obstacle = (await isAnswered(port)) ? 'EADDRINUSE' : await obstacleTo(port, host);
    if (obstacle === null) return;
    if (obstacle === 'EADDRINUSE' && Date.now() < until) continue;
    throw new Mishap(
      obstacle === 'EADDRINUSE'
        ? `Port ${port} is in use by another program: stop that one, or take another port, such as PORT=${port + 1} npm start`
        : `The pages cannot be served on ${host} port ${port} (${obstacle}): choose others by HOST and PORT, such as PORT=3000 npm start`,
    );
  }
}

function obstacleTo(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
