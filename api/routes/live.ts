import { PassThrough } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isSessionAwake } from '../../domain/people/users.ts';
import { hashOf } from '../plugins/sessions.ts';
import { idleMs } from '../plugins/viewer.ts';
import { everybody } from '../roles.ts';

const heartbeatMs = 25_000;

/** A stream of the topics that changed in the practice, as server-sent events named by topic, while the session is awake. */
export async function live(app: FastifyInstance): Promise<void> {
  app.get('/live', { config: { ...everybody, unattended: true }, exposeHeadRoute: false }, async (request, reply) => {
    const stream = new PassThrough();
    const unsubscribe = await app.live.subscribe(request.staff.practiceId, async (topic) => {
      if (topic === 'goodbye') stream.end();
      else if (topic === 'sessions') await endUnlessAwake();
      else say(topic);
    });
    const heartbeat = setInterval(() => {
      stream.write(':\n\n');
      void endUnlessAwake();
    }, heartbeatMs);
    stream.on('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
    });

    function say(event: string): void {
      stream.write(`event: ${event}\ndata:\n\n`);
    }
    async function endUnlessAwake(): Promise<void> {
      if (stream.writableEnded || (await isAwake(app, request))) return;
      say('locked');
      stream.end();
    }

    stream.write(':\n\n');
    return (
      reply
        .type('text/event-stream')
        // Its connection is not used again, so that it does not hold a closing server.
        .header('connection', 'close')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream)
    );
  });
}

/** Asks the table, since another process may have ended or locked the session. Where it does not answer, it is asked again later. */
async function isAwake(
  { outside: { sql } }: FastifyInstance,
  { session, staff, log }: FastifyRequest,
): Promise<boolean> {
  try {
    return await isSessionAwake(sql, hashOf(session.sessionId), staff.userId, idleMs);
  } catch {
    log.warn('a stream could not ask whether its session is awake');
    return true;
  }
}
