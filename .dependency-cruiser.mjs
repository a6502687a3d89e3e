// The rules of docs/architecture.md ("Imports run one way"). Every rule says what to do when it bites.
const CORE_IO =
  '^(node:)?(net|tls|dgram|http|https|http2|fs|fs/promises|child_process|worker_threads|cluster|dns|dns/promises|process|os|path|url|crypto|events|stream|timers|timers/promises|readline|zlib|util|buffer)$';
const TEST = '[.]test[.]ts$';

// Each engine folder and the engine folders that it may import. One arrow, read downwards.
const ENGINE = {
  domain: '',
  ports: 'domain',
  routing: 'domain|ports',
  reporting: 'domain|ports',
  navigation: 'domain|ports',
  flow: 'domain|ports|navigation',
  identification: 'domain|ports|flow',
  acd: 'domain|ports|routing',
  simulation: 'domain|ports|routing|reporting',
  recording: 'domain|ports',
  callback: 'domain|ports|routing|acd|recording',
  admission: 'domain|ports',
  verbs: 'domain|ports|routing|navigation|flow|acd|recording|callback',
  session: 'domain|ports|routing|navigation|flow|acd|recording|callback|admission|verbs|reporting',
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Move what both need into a third module, lower in the order.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'engine-is-a-leaf',
      comment: 'The engine knows no flow, adapter or composition root: reach it through engine/ports.',
      severity: 'error',
      from: { path: '^engine/', pathNot: TEST },
      to: { path: '^(flows|telephony|integrations|app|test|console|bench)/' },
    },
    {
      name: 'engine-does-no-io',
      comment: 'Clock, ids, sockets and files reach the engine through engine/ports.',
      severity: 'error',
      from: { path: '^engine/', pathNot: TEST },
      to: { path: CORE_IO },
    },
    {
      name: 'engine-npm-allowlist',
      comment: 'xstate is the only package that the engine may use.',
      severity: 'error',
      from: { path: '^engine/', pathNot: TEST },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'node_modules/xstate/' },
    },
    {
      name: 'pure-folders-import-no-npm',
      comment: 'domain, ports, routing and reporting are plain TypeScript.',
      severity: 'error',
      from: { path: '^engine/(domain|ports|routing|reporting)/', pathNot: TEST },
      to: { pathNot: '^engine/' },
    },
    ...Object.entries(ENGINE).map(([folder, may]) => ({
      name: `engine-${folder}-order`,
      comment: 'Inside the engine imports run one way (docs/architecture.md).',
      severity: 'error',
      from: { path: `^engine/${folder}/`, pathNot: TEST },
      to: { path: '^engine/', pathNot: `^engine/(${[folder, may].filter(Boolean).join('|')})/` },
    })),
    {
      name: 'flows-use-the-flow-kit-only',
      comment: 'A flow declares its services by type; what they do stands in flows/services.',
      severity: 'error',
      from: { path: '^flows/', pathNot: `${TEST}|^flows/services/` },
      to: { pathNot: '^(flows/|engine/(flow|domain)/|node_modules/xstate/)' },
    },
    {
      name: 'services-use-http-only',
      comment: 'A back office is reached over integrations/http/client. A sample-* file is a back office itself.',
      severity: 'error',
      from: { path: '^flows/services/', pathNot: `${TEST}|^flows/services/sample-` },
      to: { pathNot: '^(flows/|engine/(flow|domain|ports)/|integrations/http/client)' },
    },
    {
      name: 'adapters-see-ports-and-domain',
      comment: 'An adapter implements a port; it does not know the engine behind it.',
      severity: 'error',
      from: { path: '^(telephony|integrations)/', pathNot: TEST },
      to: { path: '^engine/', pathNot: '^engine/(ports|domain)/' },
    },
    {
      name: 'adapters-do-not-meet',
      comment: 'ari, sip, media, speech, mqtt talk through engine/ports; app joins them.',
      severity: 'error',
      from: { path: '^(telephony|integrations)/([^/]+)/', pathNot: TEST },
      to: { path: '^(telephony|integrations)/', pathNot: '^$1/$2/' },
    },
    {
      name: 'only-app-wires',
      comment: 'Nothing below the composition root knows it.',
      severity: 'error',
      from: { pathNot: '^(app|test|bench)/' },
      to: { path: '^app/' },
    },
    {
      name: 'traces-are-loaded-when-asked-for',
      comment: 'OpenTelemetry costs start-up time and memory: only open-telemetry.ts knows it, and that is imported dynamically.',
      severity: 'error',
      from: { path: '^(engine|flows|telephony|integrations|app)/', pathNot: `${TEST}|^integrations/tracing/open-telemetry[.]ts$` },
      to: { path: '^integrations/tracing/open-telemetry[.]ts$|node_modules/@opentelemetry/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'open-telemetry-is-loaded-when-asked-for',
      comment: 'Types only, at the top of the file.',
      severity: 'error',
      from: { path: '^integrations/tracing/open-telemetry[.]ts$' },
      to: { path: 'node_modules/@opentelemetry/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-prod-to-test',
      comment: 'Production code imports no test.',
      severity: 'error',
      from: { path: '^(engine|flows|telephony|integrations|app)/', pathNot: TEST },
      to: { path: `^test/|${TEST}` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] },
  },
};
