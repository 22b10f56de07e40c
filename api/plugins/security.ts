import helmet from '@fastify/helmet';
import plugin from 'fastify-plugin';

/** Nothing but our own scripts, styles, pictures and connections; no frames, no referrer that could carry a link's token. */
export const security = plugin<{ https: boolean }>(async (app, { https }) => {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    // Over plain http these would send the browser to a port where nobody listens.
    strictTransportSecurity: https,
    // Staff come back to the page they were locked on; see below for patients.
    referrerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: false,
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-robots-tag', 'noindex');
    if (carriesToken(request.url)) reply.header('referrer-policy', 'no-referrer');
  });
});

/** Links given to patients: the token in the address is the key. */
export const carriesToken = (url: string) => /^\/[abu]\//.test(url);
