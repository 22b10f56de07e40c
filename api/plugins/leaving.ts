import plugin from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on this process says that it is not ready, and closes each connection with its next answer. It still answers. */
    leave(): void;
    isLeaving(): boolean;
  }
}

/** How a process takes leave of the proxy in front, so that no request meets a closed door. */
export const leaving = plugin(async (app) => {
  let leaves = false;
  app.decorate('leave', () => {
    leaves = true;
  });
  app.decorate('isLeaving', () => leaves);
  app.addHook('onSend', (_request, reply, _answer, done) => {
    if (leaves) reply.header('connection', 'close');
    done();
  });
});
