// The import rules of the house (see CONTRIBUTING.md). "From" may import "to" and nothing else of ours.
const layers = {
  errors: [],
  catalog: ['errors'],
  access: ['catalog', 'store/interface', 'errors'],
  upstream: ['catalog', 'store/interface', 'errors'],
  audit: ['catalog', 'store/interface', 'errors'],
  usage: ['catalog', 'store/interface', 'errors'],
  search: ['catalog', 'store/interface', 'errors'],
  gateway: ['catalog', 'access', 'errors'],
  operations: [
    'catalog',
    'access',
    'upstream',
    'audit',
    'usage',
    'search',
    'gateway',
    'store/interface',
    'errors',
  ],
  'store/interface': ['catalog', 'access', 'errors'],
  'store/file': ['catalog', 'access', 'store/interface', 'errors'],
  live: [
    'catalog',
    'access',
    'upstream',
    'audit',
    'gateway',
    'operations',
    'store/interface',
    'errors',
  ],
  mcpgw: [
    'catalog',
    'access',
    'upstream',
    'audit',
    'search',
    'gateway',
    'operations',
    'store/interface',
    'errors',
  ],
  http: [
    'catalog',
    'access',
    'upstream',
    'audit',
    'usage',
    'search',
    'gateway',
    'operations',
    'store/interface',
    'errors',
  ],
  log: [],
  trace: [],
  'url-query': [],
  tracing: [],
  logger: ['log'],
  config: ['errors', 'catalog', 'access'],
  compose: null,
  main: ['compose', 'config', 'logger', 'errors'],
};

/** Of these, every layer may import. */
const EVERYWHERE = ['log', 'trace', 'url-query'];

/** Where a layer lives: a folder, or one file at the top of registry/. */
const where = (layer) =>
  layer === 'store/interface'
    ? '^registry/store/[^/]+[.]ts$'
    : ['errors', 'log', 'trace', 'url-query', 'main', 'logger'].includes(layer)
      ? `^registry/${layer}[.]ts$`
      : `^registry/${layer}/`;

const layerRules = Object.entries(layers)
  .filter(([, allowed]) => allowed !== null)
  .map(([layer, allowed]) => ({
    name: `layer-${layer.replace('/', '-')}`,
    comment: `${layer} may import: ${allowed.join(', ') || 'nothing of ours'}`,
    severity: 'error',
    from: { path: where(layer) },
    to: {
      path: '^registry/',
      pathNot: [where(layer), ...EVERYWHERE.map(where), ...allowed.map(where)],
    },
  }));

/** Packages with a home: nobody else may import them. */
const homes = {
  express: '^registry/http/',
  'express-session': '^registry/(http|store/file)/',
  nunjucks: '^registry/gateway/',
  lowdb: '^registry/store/file/',
  ws: '^registry/live/',
  winston: '^registry/logger[.]ts$',
  '@modelcontextprotocol/client': '^registry/upstream/',
  '@modelcontextprotocol/server': '^registry/mcpgw/',
  '@modelcontextprotocol/node': '^registry/mcpgw/',
  undici: '^registry/upstream/',
  minisearch: '^registry/search/',
  '@datadog/sketches-js': '^registry/usage/',
  'prom-client': '^registry/usage/',
  '@node-rs/argon2': '^registry/access/',
  '@opentelemetry': '^registry/tracing/',
};

const homeRules = Object.entries(homes).map(([name, home]) => ({
  name: `home-${name.replace(/[@/]/g, '-')}`,
  severity: 'error',
  from: { path: '^registry/', pathNot: home },
  to: { path: `node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...homeRules,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure',
      comment: 'Catalog, policy, plan and render do no I/O.',
      severity: 'error',
      from: { path: '^registry/(catalog/|gateway/(plan|render)/)' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|net|http|https|dns|child_process|os|timers)',
      },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(registry|scripts)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'console-knows-shapes-alone',
      comment:
        'The console runs in browsers: of the registry it takes types, and everything else over the API. Its forms check what people type by the very rules of the API, which are pure.',
      severity: 'error',
      from: { path: '^public/', pathNot: '^public/rules/' },
      to: { path: '^(registry|scripts|tests)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'console-knows-pure-rules',
      severity: 'error',
      from: { path: '^public/rules/' },
      to: {
        path: '^(registry|scripts|tests)/',
        pathNot:
          '^registry/(catalog/(server|server-auth|server-path)|operations/validate|errors)[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'registry-does-not-import-the-console',
      severity: 'error',
      from: { path: '^(registry|scripts)/' },
      to: { path: '^public/' },
    },
    {
      name: 'no-dev-dependency-in-registry',
      severity: 'error',
      from: { path: '^registry/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
