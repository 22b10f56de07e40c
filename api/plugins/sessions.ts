import { createHash } from 'node:crypto';
import cookie from '@fastify/cookie';
import session, { type FastifySessionOptions } from '@fastify/session';
import type { Session } from 'fastify';
import plugin from 'fastify-plugin';
import type { Sql } from 'postgres';
import type { Configuration } from '../../configuration.ts';
import { readSession, type SignedIn } from '../../domain/people/users.ts';

declare module 'fastify' {
  interface Session {
    userId?: string;
    /** When the user last did something, epoch milliseconds; an idle session is locked. */
    lastSeenAt?: number;
    locked?: boolean;
    /** Read from the table, as opposed to begun by this request. */
    restored?: boolean;
    /** When its cookie was found signed by an older secret; not stored. */
    signedAnewAt?: number;
    /** The user as read with the session; a function, so that it is not stored with it. */
    signedIn?(): SignedIn | undefined;
  }
}

export const sessionCookie = ({ publicUrl }: Pick<Configuration, 'publicUrl'>) =>
  publicUrl.startsWith('https:') ? '__Host-staff' : 'staff';

/** A session ends this long after its user was last seen. */
const longestMs = 12 * 3_600_000;

/** Staff sessions in PostgreSQL: any api process knows them, and a deleted row ends one at once. */
export const sessions = plugin<{ sql: Sql; configuration: Configuration }>(async (app, { sql, configuration }) => {
  const { sessionSecrets: secret, publicUrl } = configuration;
  await app.register(cookie, { secret });
  await app.register(session, {
    secret,
    cookieName: sessionCookie(configuration),
    cookie: { secure: publicUrl.startsWith('https:'), httpOnly: true, sameSite: 'lax', maxAge: longestMs, path: '/' },
    saveUninitialized: false,
    // Reading a page costs no write: the viewer notes who was seen, at most once a minute, and that prolongs the session.
    rolling: false,
    store: storeIn(sql),
  });
  app.addHook('onRequest', async ({ session, cookies }) => {
    // A cookie signed by an older secret is signed anew: the library takes it away unless its session has changed.
    if (session.restored && cookies[sessionCookie(configuration)] !== session.encryptedSessionId)
      session.signedAnewAt = Date.now();
  });
});

type Store = NonNullable<FastifySessionOptions['store']>;

function storeIn(sql: Sql): Store {
  return {
    set(id, { restored, signedAnewAt: _, ...session }, done) {
      const data = sql.json(JSON.parse(JSON.stringify(session)));
      const userId = session.userId ?? null;
      const expiresAt = new Date(Date.now() + longestMs);
      // A request that was under way when its session was revoked must not bring it back, so what was restored is only
      // updated; nor does it unlock one that was locked meanwhile: whoever signs in at a locked screen gets a new session.
      const written = restored
        ? sql`update sessions set user_id = ${userId}, expires_at = ${expiresAt},
              data = ${data}::jsonb || case data ->> 'locked' when 'true' then '{"locked":true}'::jsonb else '{}' end
            where id_hash = ${hashOf(id)}`
        : sql`with over as (delete from sessions where expires_at < now())
            insert into sessions (id_hash, user_id, data, expires_at) values (${hashOf(id)}, ${userId}, ${data}, ${expiresAt})
            on conflict (id_hash) do update set user_id = excluded.user_id, data = excluded.data, expires_at = excluded.expires_at`;
      written.then(() => done(), done);
    },
    get(id, done) {
      readSession<Session>(sql, hashOf(id)).then(
        (read) => done(null, read ? { ...read.data, restored: true, signedIn: () => read.user } : null),
        done,
      );
    },
    destroy(id, done) {
      sql`delete from sessions where id_hash = ${hashOf(id)}`.then(() => done(), done);
    },
  };
}

/** A stolen copy of the table opens no session. */
export const hashOf = (id: string) => createHash('sha256').update(id).digest('base64url');
