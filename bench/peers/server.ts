import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import fastify from 'fastify';
import postgres from 'postgres';
import { peerQueue } from './contract.ts';

/** The peers that answer by HTTP: as little as can be between the request and what is compared. */
const { DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_TASK_QUEUE, PORT } = process.env;
const sql = postgres(DATABASE_URL!, { max: 12, onnotice: () => {} });
const connection = Connection.lazy({ address: TEMPORAL_ADDRESS! });
const client = new Client({ connection });
const app = fastify({ forceCloseConnections: true, bodyLimit: 10_000_000 });
let page = '';

/** A call that nothing comes of. */
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, body),
);
app.post('/hook', async (_request, reply) => reply.code(204).send());

/** One committed insert. */
app.post('/insert', async (_request, reply) => {
  await sql`insert into peer_rows (run, step) values ('insert', 'first')`;
  return reply.code(204).send();
});

/** One row, and the start of a workflow that inserts another. */
app.post<{ Body: { run: string } }>('/start', async (request, reply) => {
  await sql`insert into peer_rows (run, step) values (${request.body.run}, 'started')`;
  await client.workflow.start('one', {
    taskQueue: peerQueue(TEMPORAL_TASK_QUEUE!),
    workflowId: `peer-${randomUUID()}`,
    args: [request.body.run],
  });
  return reply.code(204).send();
});

/** The bytes of a page from memory. */
app.post<{ Body: { page: string } }>('/page', async (request, reply) => {
  page = request.body.page;
  return reply.code(204).send();
});
app.get('/page', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));

process.on('SIGTERM', stop);
process.on('disconnect', stop);
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
process.send?.({ ready: true });

async function stop(): Promise<void> {
  await app.close();
  await Promise.all([sql.end({ timeout: 1 }), connection.close()]);
  process.exit(0);
}
