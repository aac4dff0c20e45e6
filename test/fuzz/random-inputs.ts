import fc from 'fast-check';
import { asking } from './against-bad-servers.js';
import { globalSlots, good, slots } from './lines.js';
import { hostileText, nested, soup } from './random-texts.js';

/** What a command gets, and from whom. */
export interface Input {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What stands in the file `bad`. */
  readonly file?: string;
  /** What the meta node answers to reads; what it holds where absent. */
  readonly body?: string;
}

const isLong = (words: string): boolean => words === 'sandbox';

/** A place of a command line with a hostile text in it. */
const inPlaces: fc.Arbitrary<Input> = fc
  .tuple(fc.constantFrom(...[...slots, ...globalSlots].filter((slot) => !isLong(slot.words))), hostileText)
  .map(([slot, text]) => ({ words: slot.line(text) }));

const lines = Object.entries(good)
  .filter(([words]) => !isLong(words))
  .map(([words, { flags = [], args = [] }]) => [...words.split(' '), ...flags, ...args]);
const flags = [...new Set([...slots, ...globalSlots].flatMap(({ at }) => (at.startsWith('--') ? [at] : [])))];
const switches = ['--dry-run', '--show-request', '-q', '--yes', '--all', '--help', '--version', '-o', '--no-env'];
const word = fc.oneof(
  fc.constantFrom(...flags, ...switches),
  fc.constantFrom(...lines.flat(), 'json', 'yaml', 'csv', 'name', 'table', 'help', '--'),
  hostileText,
);

/** A command line that works, of which words are gone, new or others. */
const ofWords: fc.Arbitrary<Input> = fc
  .tuple(
    fc.constantFrom(...lines),
    fc.array(fc.tuple(fc.nat(8), fc.nat(1), fc.array(word, { maxLength: 2 })), { minLength: 1, maxLength: 3 }),
  )
  .map(([line, edits]) => ({ words: edits.reduce((all, [at, gone, more]) => all.toSpliced(at, gone, ...more), line) }));

const variables = ['USERNAME', 'PASSWORD', 'PASSWORD_FILE', 'CA', 'INSECURE_SKIP_VERIFY', 'READ_LEADER'];
const others = ['META_URL', 'OUTPUT', 'PROFILE', 'CONFIG', 'TIMEOUT', 'CONNECT_TIMEOUT', 'WAIT', 'RETRIES', 'MAX_BODY'];
const names = [...variables.map((name) => `META_${name}`), ...others].map((name) => `KAPADMIN_${name}`);

/** A command with hostile texts as variables. */
const ofVariables: fc.Arbitrary<Input> = fc
  .tuple(fc.constantFrom(...lines), fc.dictionary(fc.constantFrom(...names), hostileText, { minKeys: 1, maxKeys: 2 }))
  .map(([words, env]) => ({ words, env }));

const yaml = [
  '\n',
  '\n  ',
  '\n    ',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ', ',
  '"',
  "'",
  '&a ',
  '*a',
  '!!str ',
  '| ',
  '# ',
  '? ',
  '<<: ',
  '---\n',
];
const stateKeys = [
  'users',
  'roles',
  'permissions',
  'password',
  'hash',
  'env',
  'file',
  'generate',
  'managedBy',
  'manage',
  'absent',
];
const stateLeaves = ['joe', 'ops', 'KapacitorAPI', 'KAPADMIN_META_USERNAME', null, true, 1, -1, 1e300, '', [], {}];
const scenarioKeys = [
  'kapacitor',
  'config',
  'env',
  'meta',
  'credentials',
  'users',
  'roles',
  'name',
  'steps',
  'at',
  'request',
  'method',
  'path',
  'username',
  'password',
  'expect',
  'verdict',
  'start',
  'status',
];
const scenarioLeaves = [
  'GET',
  '/kapacitor/v1/tasks',
  '0s',
  '1h',
  'allow',
  'joe',
  'hunter2',
  '[auth]\nenabled = true\n',
  200,
  null,
  true,
  [],
  {},
];
const toml = [
  '[http]\n',
  '[auth]\n',
  '[[udf]]\n',
  'auth-enabled',
  'enabled',
  'meta-addr',
  'bcrypt-cost',
  'cache-expiration',
  'shared-secret',
  ' = ',
  'true',
  '"10m"',
  '"127.0.0.1:8091"',
  '"',
  '"""',
  "'''",
  '\n',
  '# ',
  '1',
  '.',
  '{',
  '}',
  '[',
  ']',
  '1979-05-27',
];
const shell = [
  'KAPACITOR_HTTP_AUTH_ENABLED',
  'KAPACITOR_AUTH_ENABLED',
  'KAPACITOR_AUTH_META_ADDR',
  '=',
  'true',
  '"',
  "'",
  '\\',
  '\n',
  '$(id)',
  'export ',
  ' ',
  ';',
  '#',
];
const configKeys = [
  'default',
  'profiles',
  'lab',
  'url',
  'username',
  'password',
  'passwordFile',
  'ca',
  'timeout',
  'output',
  'retries',
];
const configLeaves = ['lab', 'http://127.0.0.1:9', 'admin', '10s', 'json', 3, true, null, 'bad', []];

const json = (value: unknown): string => JSON.stringify(value);
const file = (words: readonly string[], text: fc.Arbitrary<string>): fc.Arbitrary<Input> =>
  text.map((given) => ({ words, file: given }));
const state = fc.oneof(soup([...yaml, ...stateKeys, 'joe', 'KapacitorAPI']), nested(stateKeys, stateLeaves).map(json));
const scenario = fc.oneof(soup([...yaml, ...scenarioKeys]), nested(scenarioKeys, scenarioLeaves).map(json));
const config = fc.oneof(soup([...yaml, ...configKeys]), nested(configKeys, configLeaves).map(json));
const conf = soup(toml);

/** A command with a hostile file. */
const ofFiles: fc.Arbitrary<Input> = fc.oneof(
  file(['plan', 'bad'], state),
  file(['apply', 'bad', '--yes'], state),
  file(['plan', '--lint', 'bad'], state),
  file(['auth', 'test', '--scenario', 'bad'], scenario),
  file(['user', 'list', '--config', 'bad.yaml'], config),
  file(['profile', 'list', '--config', 'bad.yaml'], config),
  file(['config', 'check', '--no-env', 'bad'], conf),
  file(['config', 'show', '--no-env', 'bad'], conf),
  file(['config', 'fix', '--no-env', 'bad'], conf),
  file(['config', 'check', '--kapacitor-conf', 'kapacitor.conf', '--env-file', 'bad'], soup(shell)),
  file(
    ['auth', 'matrix', '--diff', 'bad'],
    nested(['users', 'endpoints', 'rows', 'name', 'cells'], [1, null, 'a', []]).map(json),
  ),
);

const answerKeys = [
  'users',
  'roles',
  'name',
  'hash',
  'permissions',
  '',
  'telegraf',
  'error',
  'leader',
  'meta',
  'data',
  'addr',
  'nodeType',
];
const answerLeaves = [
  'joe',
  'ops',
  'admin',
  'KapacitorAPI',
  ['ReadData'],
  [{ name: 'joe' }],
  { '': ['KapacitorAPI'] },
  null,
  1,
  true,
  [],
];
const answer = nested(answerKeys, answerLeaves).map(json);

/** A command that asks a meta node with hostile answers. */
const ofAnswers: fc.Arbitrary<Input> = fc
  .tuple(
    fc.constantFrom(...asking),
    fc.oneof(answer, soup(['{', '}', '[', ']', ':', ',', '"users"', '"name"', 'null', '1'])),
  )
  .map(([words, body]) => ({ words, body }));

/** Inputs of every kind, by what is hostile in them. */
export const inputs: Readonly<Record<string, fc.Arbitrary<Input>>> = {
  'a hostile word in a command line': inPlaces,
  'a command line of other words': ofWords,
  'hostile variables': ofVariables,
  'a hostile file': ofFiles,
  'a hostile answer': ofAnswers,
};
