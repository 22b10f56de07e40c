import plugin from 'fastify-plugin';
import helmet from 'helmet';

/** Nothing but our own scripts, styles, pictures and connections; no frames, no referrer that could carry a link's token. */
export const security = plugin<{ https: boolean }>(async (app, { https }) => {
  // Made once: the headers are the same for every answer (@fastify/helmet writes them out anew for each).
  const protect = helmet({
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
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-robots-tag', 'noindex');
    if (carriesToken(request.url)) reply.header('referrer-policy', 'no-referrer');
    protect(request.raw, reply.raw, () => done());
  });
});

/** Links given to patients: the token in the address is the key. */
export const carriesToken = (url: string) => /^\/[abu]\//.test(url);
