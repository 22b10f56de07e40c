import { createHash } from 'node:crypto';
import cookie from '@fastify/cookie';
import session, { type FastifySessionOptions } from '@fastify/session';
import plugin from 'fastify-plugin';
import type { Sql } from 'postgres';

declare module 'fastify' {
  interface Session {
    userId?: string;
    /** When the user last did something, epoch milliseconds; an idle session is locked. */
    lastSeenAt?: number;
    locked?: boolean;
  }
}

const longestMs = 12 * 3_600_000;

/** Staff sessions in PostgreSQL: any api process knows them, and a deleted row ends one at once. */
export const sessions = plugin<{ sql: Sql; secrets: string[]; https: boolean }>(async (app, { sql, secrets, https }) => {
  await app.register(cookie, { secret: secrets });
  await app.register(session, {
    secret: secrets,
    cookieName: 'staff',
    cookie: { secure: https, httpOnly: true, sameSite: 'lax', maxAge: longestMs, path: '/' },
    saveUninitialized: false,
    store: storeIn(sql),
  });
});

type Store = NonNullable<FastifySessionOptions['store']>;

function storeIn(sql: Sql): Store {
  return {
    set(id, data, done) {
      const expiresAt = new Date(Date.now() + longestMs);
      sql`
        insert into sessions (id_hash, user_id, data, expires_at)
        values (${hashOf(id)}, ${data.userId ?? null}, ${sql.json(JSON.parse(JSON.stringify(data)))}, ${expiresAt})
        on conflict (id_hash) do update set user_id = excluded.user_id, data = excluded.data, expires_at = excluded.expires_at
      `.then(() => done(), done);
    },
    get(id, done) {
      sql`select data from sessions where id_hash = ${hashOf(id)} and expires_at > now()`.then(([row]) => done(null, row?.data ?? null), done);
    },
    destroy(id, done) {
      sql`delete from sessions where id_hash = ${hashOf(id)}`.then(() => done(), done);
    },
  };
}

/** A stolen copy of the table opens no session. */
const hashOf = (id: string) => createHash('sha256').update(id).digest('base64url');
