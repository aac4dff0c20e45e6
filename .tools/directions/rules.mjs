// The import directions of src/, as one table: what each place may import. Everything else is forbidden.
//
// A row lists places, packages and builtins: `values` may be imported in any way, `lazy` by `import()` and for types,
// `types` for types only; of a module in `names` only these names may be taken. Everybody may throw our errors. A place
// may import itself unless `alone`. A `pure` place has no I/O, no clock, no randomness. A file belongs to the first row
// that lists it.

const digests = { 'node:crypto': ['createHash', 'createHmac', 'timingSafeEqual'], 'node:buffer': ['Buffer', 'isUtf8'] };
// What tells whether a certificate and a key are good: bytes in, an answer out.
const certificates = {
  ...digests,
  'node:crypto': [...digests['node:crypto'], 'X509Certificate', 'createPrivateKey', 'KeyObject'],
};
const throwing = ['KapadminError', 'ErrorKind', 'ErrorDetails', 'usageError', 'stopKind'];

/** Loaded only by the commands that use them. */
export const heavyPackages = [
  'undici',
  'inquirer',
  'ora',
  'yaml',
  'cosmiconfig',
  'valibot',
  'bcryptjs',
  'hash-wasm',
  'smol-toml',
  'toml-eslint-parser',
  'p-map',
];
export const heavyPlaces = [
  'kapacitor',
  'report',
  'state',
  'scenario',
  'login',
  'login socket',
  'meta',
  'meta transport',
  'meta socket',
  'executor',
  'sandbox',
  'doctor',
  'completion',
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
  values: [
    'model',
    'kapacitor',
    'report',
    'state',
    'scenario',
    'login',
    'change',
    'executor',
    'meta',
    'settings',
    'output',
    'completion scripts',
    'commander',
  ],
  types: ['deps', 'context', 'files'],
  lazy: ['sandbox', 'sandbox socket', 'doctor'],
};

const rows = [
  { place: 'errors', files: ['errors.ts'] },
  { place: 'version', files: ['version.d.ts'] },
  { place: 'model', files: ['model/'], pure: true, names: { ...digests } },
  {
    place: 'kapacitor',
    files: ['kapacitor/'],
    pure: true,
    values: ['model', 'toml-eslint-parser'],
    names: certificates,
  },
  { place: 'change', files: ['change/change.ts', 'change/words.ts'], pure: true, values: ['model'] },
  {
    place: 'executor',
    files: ['change/'],
    values: ['change', 'meta', 'model', 'p-map'],
    types: ['context'],
    lazy: ['bcryptjs'],
    names: { 'node:events': ['setMaxListeners'] },
  },
  {
    place: 'state',
    files: ['state/'],
    pure: true,
    values: ['model', 'change', 'yaml', 'valibot'],
    names: { ...digests },
  },
  { place: 'report', files: ['report/'], pure: true, values: ['model', 'kapacitor'], names: certificates },
  {
    place: 'login socket',
    files: ['login/kapacitor-live.ts'],
    values: ['model', 'kapacitor', 'settings', 'node:http', 'node:https'],
  },
  {
    place: 'login',
    files: ['login/'],
    values: ['login socket', 'model', 'kapacitor', 'report', 'meta', 'meta transport', 'settings', 'hash-wasm'],
    types: ['context', 'deps'],
    names: { scenario: ['fileFact'] },
  },
  {
    place: 'doctor',
    files: ['doctor/'],
    values: ['model', 'kapacitor', 'report', 'login', 'meta', 'meta transport', 'settings', 'connection', 'node:tls'],
    types: ['context', 'deps'],
    names: { ...digests, 'node:net': ['isIP'] },
  },
  {
    place: 'scenario',
    files: ['scenario/'],
    values: ['model', 'kapacitor', 'login', 'sandbox', 'files', 'node:path'],
    types: ['context'],
    lazy: ['bcryptjs', 'yaml'],
    names: { 'node:util': ['isDeepStrictEqual'] },
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
      'sandbox/front/ask.ts',
      'sandbox/front/bcrypt-in-turn.ts',
      'sandbox/front/connection.ts',
      'sandbox/front/front.ts',
      'sandbox/front/server.ts',
      'sandbox/front/start.ts',
    ],
    values: [
      'model',
      'sandbox',
      'kapacitor',
      'login',
      'files',
      'node:crypto',
      'node:http',
      'node:https',
      'node:net',
      'node:tls',
      'node:fs/promises',
      'node:path',
      'node:zlib',
    ],
    types: ['context'],
    lazy: ['yaml'],
    names: { 'node:os': ['tmpdir'] },
  },
  {
    place: 'sandbox',
    files: ['sandbox/'],
    pure: true,
    values: ['model', 'kapacitor'],
    types: ['node:stream'],
    names: { ...digests, bcryptjs: ['default', 'compare', 'compareSync', 'hash', 'hashSync'] },
  },
  { place: 'meta socket', files: ['meta/transport/pool.ts'], values: ['model', 'meta', 'meta transport', 'undici'] },
  {
    place: 'meta transport',
    files: ['meta/transport/'],
    values: ['model', 'meta', 'meta socket', 'node:tls'],
    types: ['undici'],
    names: { 'node:crypto': ['X509Certificate'] },
  },
  {
    place: 'meta',
    files: ['meta/'],
    values: ['model', 'meta transport', 'meta socket', 'valibot'],
    types: ['context'],
    names: { ...digests, 'node:timers/promises': ['setTimeout'] },
  },
  {
    place: 'output',
    files: ['output/'],
    values: ['model', 'kapacitor', 'change', 'chalk', 'string-width'],
    names: { 'node:crypto': ['createHash'] },
    types: ['node:stream', 'scenario', 'state', 'login', 'report'],
    lazy: ['yaml', 'ora'],
  },
  {
    place: 'connection',
    files: ['settings/connect.ts'],
    values: ['model', 'settings', 'meta'],
    types: ['output', 'context'],
  },
  {
    place: 'settings',
    files: ['settings/'],
    values: [
      'model',
      'commander',
      'cosmiconfig',
      'smol-toml',
      'yaml',
      'valibot',
      'inquirer',
      'node:path',
      'node:stream',
    ],
    types: ['meta', 'output', 'context', 'deps', 'files'],
  },
  {
    place: 'files',
    files: ['files.ts', 'appended-file.ts', 'piped-file.ts', 'written-file.ts'],
    values: ['model', 'node:fs/promises', 'node:path'],
    names: {
      'node:crypto': ['randomBytes'],
      'node:fs': [
        'closeSync',
        'constants',
        'fstatSync',
        'open',
        'openSync',
        'readdirSync',
        'readSync',
        'statSync',
        'Stats',
      ],
      'node:net': ['Socket'],
      'node:util': ['promisify'],
    },
  },
  { place: 'context', files: ['context.ts'], types: ['files', 'node:stream'] },
  { place: 'deps', files: ['deps.ts'], types: ['context', 'meta', 'output', 'settings'] },
  {
    place: 'wiring',
    files: ['wiring.ts'],
    values: ['output'],
    types: ['context', 'deps', 'meta'],
    lazy: ['settings', 'connection'],
  },
  { place: 'completion scripts', files: ['completion/scripts.ts'], pure: true },
  {
    place: 'completion',
    files: ['completion/'],
    values: ['completion scripts', 'model', 'kapacitor', 'report', 'settings', 'commander', 'node:path'],
    types: ['commands', 'context', 'deps'],
    lazy: ['connection'],
    names: { ...digests },
  },
  {
    place: 'verb',
    files: ['commands/'],
    exporting: 'define',
    alone: true,
    ...ofCommands,
    values: [...ofCommands.values, 'command help'],
  },
  {
    place: 'commands',
    files: ['commands/index.ts', 'commands/*/index.ts', 'commands/verb.ts'],
    types: ['deps', 'output', 'commander'],
    lazy: ['verb', 'completion'],
  },
  { place: 'command help', files: ['commands/'], ...ofCommands },
  { place: 'program', files: ['program.ts'], values: ['commands', 'settings', 'commander'] },
  {
    place: 'main',
    files: ['main.ts'],
    values: ['errors', 'wiring', 'program', 'output', 'commander'],
    types: ['context', 'commands'],
    lazy: ['settings'],
  },
  {
    place: 'process',
    files: ['process.ts'],
    values: ['main', 'files', 'node:timers/promises'],
    types: ['context'],
    names: {
      'node:crypto': ['randomBytes'],
      'node:events': ['setMaxListeners'],
      'node:fs': ['closeSync', 'fstatSync', 'statSync', 'writeSync'],
      'node:os': ['homedir'],
      'node:tty': ['isatty'],
    },
  },
  { place: 'library', files: ['index.ts'], values: ['errors', 'model', 'meta', 'kapacitor'] },
];

const reach = (targets = [], how) => targets.map((target) => [target, how]);

/** The table; `may` says for each target how far an import of it may go: `value`, `lazy`, `type`, or the names. */
export const places = rows.map(({ values, lazy, types, names, ...row }) => ({
  ...row,
  may: {
    ...(row.place === 'errors' ? {} : { errors: throwing }),
    ...Object.fromEntries([...reach(values, 'value'), ...reach(lazy, 'lazy'), ...reach(types, 'type')]),
    ...names,
  },
}));
