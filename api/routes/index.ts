import type { FastifyInstance } from 'fastify';
import { live } from './live.ts';
import { patients } from './patients.ts';
import { preferences } from './preferences.ts';
import { providers } from './providers.ts';
import { signIn } from './signIn.ts';

/** One file a resource. */
export async function routes(app: FastifyInstance): Promise<void> {
  await app.register(live);
  await app.register(patients);
  await app.register(preferences);
  await app.register(providers);
  await app.register(signIn);
}
