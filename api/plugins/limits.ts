import rateLimit from '@fastify/rate-limit';
import plugin from 'fastify-plugin';
import { carriesToken } from './security.ts';

/**
 * How often an address may try. Counted in each process: several of them allow as many times more, which guessing a token of
 * 132 bits or a good password does not live on.
 */
export const limits = plugin(async (app) => {
  app.addHook('onRoute', (route) => {
    if (carriesToken(route.url) && route.config?.rateLimit === undefined) {
      route.config = { ...route.config, rateLimit: { max: 120, timeWindow: 60_000, groupId: 'links' } };
    }
  });
  await app.register(rateLimit, { global: false });
});
