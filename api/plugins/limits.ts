import rateLimit from '@fastify/rate-limit';
import plugin from 'fastify-plugin';
import { carriesToken } from './security.ts';

/** So many links that nobody was given may one address try in a minute. */
const guesses = { max: 30, timeWindow: 60_000 };

/**
 * How often an address may guess. Counted in each process: several of them allow as many times more, which guessing a token
 * of 132 bits does not live on. Patients whose links are known are not counted, however many share an address.
 */
export const limits = plugin(async (app) => {
  await app.register(rateLimit, { global: false });
  const guessed = app.createRateLimit(guesses);
  app.addHook('onRequest', async (request, reply) => {
    if (!carriesToken(request.url)) return;
    const tries = await guessed(request, { increment: false });
    if (tries.isAllowed || tries.remaining > 0) return;
    reply.header('retry-after', tries.ttlInSeconds);
    throw app.httpErrors.tooManyRequests();
  });
  app.addHook('onResponse', async (request, reply) => {
    if (carriesToken(request.url) && reply.statusCode === 404) await guessed(request);
  });
});
