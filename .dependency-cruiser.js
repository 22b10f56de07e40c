/** Arrows run down only (docs/architecture.md). Each rule names a layer and what it must not reach. */
const forbid = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to });
const layers = (...names) => ({ path: `^(${names.join('|')})/` });

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    forbid(
      'product-knows-no-tests',
      '^(api|worker|workflows|activities|views|domain|gateways|drizzle|locales|dev|bench)/',
      layers('tests'),
      'Tests stand outside.',
    ),
    forbid(
      'api',
      '^api/',
      layers('dev', 'bench', 'worker', 'workflows', 'activities'),
      'The web never loads the workflow engine.',
    ),
    forbid(
      'api-without-engine',
      '^(api|views|domain|gateways|drizzle|locales)/',
      { path: 'node_modules/@temporalio/' },
      'Only worker, workflows and activities know Temporal.',
    ),
    forbid('worker', '^worker/', layers('dev', 'bench', 'api', 'views'), 'Workers draw no pages.'),
    forbid(
      'activities',
      '^activities/',
      layers('dev', 'bench', 'api', 'views', 'worker', 'workflows'),
      'Thin verbs over domain and gateways.',
    ),
    {
      ...forbid(
        'workflows',
        '^workflows/',
        {
          path: '^(dev|bench|api|views|worker|gateways|drizzle|locales/(?!en/stages)|domain/(?!contract))',
          dependencyTypesNot: ['type-only'],
        },
        'Deterministic: the contract, the stages’ words, and the types of the activities.',
      ),
    },
    {
      ...forbid(
        'workflows-activities-by-type',
        '^workflows/',
        { path: '^activities/', dependencyTypesNot: ['type-only'] },
        'Activities are called through the engine.',
      ),
    },
    forbid(
      'views',
      '^views/',
      layers('dev', 'bench', 'api', 'worker', 'workflows', 'activities', 'gateways', 'drizzle'),
      'Views know no database.',
    ),
    {
      ...forbid(
        'views-draw-only',
        '^views/',
        { path: '^domain/(?!contract|book/rules/)', dependencyTypesNot: ['type-only'] },
        'Views take what was read: types, pure rules and names.',
      ),
    },
    forbid(
      'domain',
      '^domain/',
      layers('dev', 'bench', 'api', 'worker', 'workflows', 'activities', 'views'),
      'The domain knows neither pages nor the engine.',
    ),
    forbid(
      'domain-without-http',
      '^domain/',
      { path: 'node_modules/(fastify|@fastify|preact)' },
      'The domain knows no HTTP.',
    ),
    forbid(
      'rules',
      '^domain/book/rules/',
      { pathNot: '^domain/book/rules/|node_modules/temporal-polyfill' },
      'Pure rules: no input or output, no clock.',
    ),
    forbid(
      'gateways',
      '^gateways/',
      layers('dev', 'bench', 'api', 'worker', 'workflows', 'activities', 'views', 'domain'),
      'The wire, nothing else.',
    ),
    forbid(
      'drizzle',
      '^drizzle/',
      layers('dev', 'bench', 'api', 'worker', 'workflows', 'activities', 'views', 'domain', 'gateways', 'locales'),
      'The tables stand at the bottom.',
    ),
    forbid(
      'locales',
      '^locales/',
      layers('dev', 'bench', 'api', 'worker', 'workflows', 'activities', 'views', 'domain', 'gateways', 'drizzle'),
      'Words know nothing else.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.data|coverage)/' },
    includeOnly: {
      path: '^(api|worker|workflows|activities|views|domain|gateways|drizzle|locales|dev|bench|tests|configuration|node_modules)',
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
