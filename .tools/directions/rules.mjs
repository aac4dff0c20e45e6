// The import directions of src/, as one table: what each place may import. Everything else is forbidden.
//
// `may` names places, packages and builtins, each with how far it goes: `value` (anything), `lazy` (by `import()`, and
// types), `type` (types only), or the only names that may be taken from it. A place may import itself unless
// `alone`. A `pure` place has no I/O, no clock, no randomness. A file belongs to the first place that lists it.

const digests = { 'node:crypto': ['createHash', 'createHmac', 'timingSafeEqual'], 'node:buffer': ['Buffer', 'isUtf8'] };
const errors = { errors: ['KapadminError', 'ErrorKind', 'ErrorDetails', 'usageError'] };

/** Loaded only by the commands that use them. */
export const heavyPackages = [
  'undici',
  'inquirer',
  'ora',
  'yaml',
  'cosmiconfig',
  'valibot',
  'bcryptjs',
  'smol-toml',
  'toml-eslint-parser',
  'p-map',
];
export const heavyPlaces = [
  'kapacitor',
  'report',
  'state',
  'scenario',
  'meta',
  'meta transport',
  'meta socket',
  'executor',
  'sandbox',
];

/** What no pure place may name, beside `Math.random` and `Date` as a clock. */
export const impureGlobals = [
  'process',
  'console',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
  'globalThis',
  'navigator',
  'WebSocket',
];

/** What is loaded before a verb is: reached from here by static imports, it may hold nothing heavy. */
export const startsAt = 'process.ts';

const ofCommands = {
  ...errors,
  deps: 'type',
  context: 'type',
  model: 'value',
  kapacitor: 'value',
  report: 'value',
  state: 'value',
  scenario: 'value',
  change: 'value',
  executor: 'value',
  meta: 'type',
  settings: 'value',
  output: 'value',
  sandbox: 'lazy',
  'sandbox socket': 'lazy',
  commander: 'type',
};

export const places = [
  { place: 'errors', files: ['errors.ts'], may: {} },
  { place: 'version', files: ['version.d.ts'], may: {} },
  { place: 'model', files: ['model/'], pure: true, may: { ...errors, ...digests } },
  {
    place: 'kapacitor',
    files: ['kapacitor/'],
    pure: true,
    may: {
      ...errors,
      ...digests,
      model: 'value',
      'toml-eslint-parser': 'value',
      bcryptjs: ['compareSync', 'hashSync'],
    },
  },
  { place: 'change', files: ['change/change.ts'], pure: true, may: { model: 'value' } },
  {
    place: 'executor',
    files: ['change/'],
    may: {
      ...errors,
      change: 'value',
      meta: 'value',
      model: 'value',
      context: 'type',
      bcryptjs: 'lazy',
      'p-map': 'value',
    },
  },
  {
    place: 'state',
    files: ['state/'],
    pure: true,
    may: { ...errors, ...digests, model: 'value', change: 'value', yaml: 'value', valibot: 'value' },
  },
  {
    place: 'report',
    files: ['report/'],
    pure: true,
    may: { ...errors, ...digests, model: 'value', kapacitor: 'value' },
  },
  {
    place: 'scenario',
    files: ['scenario/'],
    may: {
      ...errors,
      model: 'value',
      kapacitor: 'value',
      sandbox: 'value',
      context: 'type',
      yaml: 'value',
      valibot: 'value',
    },
  },
  {
    place: 'sandbox socket',
    files: [
      'sandbox/start.ts',
      'sandbox/server.ts',
      'sandbox/spoil.ts',
      'sandbox/respond.ts',
      'sandbox/cluster.ts',
      'sandbox/data-file.ts',
      'sandbox/seed-file.ts',
      'sandbox/tls-files.ts',
      'sandbox/nodes.ts',
      'sandbox/options.ts',
      'sandbox/certificate/',
    ],
    may: {
      ...errors,
      model: 'value',
      sandbox: 'value',
      files: 'value',
      context: 'type',
      yaml: 'lazy',
      'node:crypto': 'value',
      'node:http': 'value',
      'node:https': 'value',
      'node:net': 'value',
      'node:tls': 'value',
      'node:fs/promises': 'value',
      'node:os': ['tmpdir'],
      'node:path': 'value',
    },
  },
  {
    place: 'sandbox',
    files: ['sandbox/'],
    pure: true,
    may: {
      ...errors,
      ...digests,
      model: 'value',
      kapacitor: 'value',
      bcryptjs: ['default', 'compare', 'compareSync', 'hash', 'hashSync'],
    },
  },
  {
    place: 'meta socket',
    files: ['meta/transport/pool.ts'],
    may: { ...errors, model: 'value', meta: 'value', 'meta transport': 'value', undici: 'value' },
  },
  {
    place: 'meta transport',
    files: ['meta/transport/'],
    may: {
      ...errors,
      model: 'value',
      meta: 'value',
      'meta socket': 'value',
      undici: 'type',
      'node:crypto': ['X509Certificate'],
      'node:tls': 'value',
    },
  },
  {
    place: 'meta',
    files: ['meta/'],
    may: {
      ...errors,
      ...digests,
      model: 'value',
      'meta transport': 'value',
      'meta socket': 'value',
      context: 'type',
      valibot: 'value',
      'node:timers/promises': ['setTimeout'],
    },
  },
  {
    place: 'output',
    files: ['output/'],
    may: { ...errors, model: 'value', chalk: 'value', 'string-width': 'value', yaml: 'lazy', ora: 'lazy' },
  },
  {
    place: 'connection',
    files: ['settings/connect.ts'],
    may: { ...errors, model: 'value', settings: 'value', meta: 'value', output: 'type', context: 'type' },
  },
  {
    place: 'settings',
    files: ['settings/'],
    may: {
      ...errors,
      model: 'value',
      meta: 'type',
      output: 'type',
      context: 'type',
      deps: 'type',
      files: 'type',
      'node:stream': 'type',
      commander: 'value',
      cosmiconfig: 'value',
      'smol-toml': 'value',
      yaml: 'value',
      valibot: 'value',
      inquirer: 'value',
      'node:path': 'value',
    },
  },
  {
    place: 'files',
    files: ['files.ts'],
    may: {
      ...errors,
      model: 'value',
      'node:crypto': ['randomBytes'],
      'node:fs/promises': 'value',
      'node:path': 'value',
    },
  },
  { place: 'context', files: ['context.ts'], may: { files: 'type', 'node:stream': 'type' } },
  { place: 'deps', files: ['deps.ts'], may: { context: 'type', meta: 'type', output: 'type', settings: 'type' } },
  {
    place: 'wiring',
    files: ['wiring.ts'],
    may: { context: 'type', deps: 'type', meta: 'type', output: 'value', settings: 'lazy', connection: 'lazy' },
  },
  {
    place: 'verb',
    files: ['commands/'],
    exporting: 'define',
    alone: true,
    may: { ...ofCommands, 'command help': 'value' },
  },
  {
    place: 'commands',
    files: ['commands/index.ts', 'commands/*/index.ts', 'commands/verb.ts'],
    may: { verb: 'lazy', deps: 'type', output: 'type', commander: 'type' },
  },
  { place: 'command help', files: ['commands/'], may: ofCommands },
  { place: 'program', files: ['program.ts'], may: { commands: 'value', settings: 'value', commander: 'value' } },
  {
    place: 'main',
    files: ['main.ts'],
    may: {
      errors: 'value',
      context: 'type',
      wiring: 'value',
      program: 'value',
      commands: 'type',
      output: 'value',
      settings: 'type',
      commander: 'value',
    },
  },
  {
    place: 'process',
    files: ['process.ts'],
    may: {
      main: 'value',
      files: 'value',
      context: 'type',
      'node:crypto': ['randomBytes'],
      'node:os': ['homedir'],
      'node:timers/promises': 'value',
    },
  },
  {
    place: 'library',
    files: ['index.ts'],
    may: { errors: 'value', model: 'value', meta: 'value', kapacitor: 'value' },
  },
];
