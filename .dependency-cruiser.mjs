// Which directory of src/ may import which, types included. The picture is in src/README.md.
const pure = '^src/(model|go-compat|kapacitor-config|auth-engine|access-matrix|diagnostics|desired-state)/';
const value = { dependencyTypesNot: ['type-only'] };

/**
 * Only modules below `path` import these packages.
 * @param {string} name
 * @param {string} path
 * @param {string} packages
 */
const only = (name, path, packages) => ({
  name,
  severity: /** @type {const} */ ('error'),
  from: { path: '^src/', pathNot: path },
  to: { path: `(^|node_modules/)(${packages})(/|$)`, dependencyTypesNot: ['local'] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-imports-pure',
      severity: 'error',
      from: { path: pure },
      to: { path: '^src/', pathNot: [pure, '^src/errors\\.ts$'], ...value },
    },
    {
      name: 'pure-has-no-io',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto|zlib)$' },
    },
    {
      name: 'go-compat-stands-alone',
      severity: 'error',
      from: { path: '^src/go-compat/' },
      to: { path: '^src/', pathNot: '^src/go-compat/' },
    },
    {
      name: 'engine-knows-only-kapacitor',
      severity: 'error',
      from: { path: '^src/(kapacitor-config|auth-engine)/' },
      to: { path: '^src/', pathNot: '^src/(go-compat|kapacitor-config|auth-engine|model|errors)' },
    },
    {
      name: 'commands-are-the-top',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|commands)/' },
      to: { path: '^src/(cli|commands)/', ...value },
    },
    {
      name: 'output-prints-results',
      severity: 'error',
      from: { path: '^src/output/' },
      to: { path: '^src/(cli|commands|settings|prompt|meta|files|doctor|sandbox|completion)/', ...value },
    },
    {
      name: 'library-has-no-terminal',
      severity: 'error',
      from: { path: '^src/(library/|why-401/|index\\.ts|engine\\.ts)' },
      to: { path: '^src/(cli|commands|settings|prompt|output|sandbox)/' },
    },
    {
      name: 'sandbox-stays-apart',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sandbox|scenario|commands/sandbox)' },
      to: { path: '^src/sandbox/' },
    },
    only('undici-in-transport', '^src/meta/transport/', 'undici'),
    only('terminal-in-output-and-prompt', '^src/(output|prompt)/', 'inquirer|chalk|ora|fast-string-width'),
    only('commander-in-cli', '^src/(cli|commands|settings|completion)/', 'commander|cosmiconfig|smol-toml'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
