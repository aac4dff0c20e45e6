import { rule, type Rule } from './slot-rules.js';

const unreadable = [
  'a folder',
  'a pipe that nobody writes to',
  'a link to nothing',
  'a link to itself',
  'a link to a device',
  'a link to a folder',
  'a link into the memory of a process',
  'a socket',
  'a file of 300 MB',
  'a file of 8 GB',
];
const unwritable = unreadable.filter((name) => !/pipe|nothing|device|GB|MB/.test(name));
const blank = ['nothing', 'blanks', 'a byte order mark', '1 MB of line ends'];
const noText = [
  'random bytes',
  'a NUL',
  '1 MB of NULs',
  'UTF-16',
  'UTF-16 with a byte order mark',
  'bytes that are not UTF-8',
  'gzip',
];
const overMebibyte = ['a line of 5 MB', 'a key of 1 MB'];
const longest = [
  ...overMebibyte,
  '1 MB of line ends',
  '200,000 commas',
  '200,000 anchors',
  'brackets 200,000 deep',
  'brackets 100,000 deep, and closed',
  'braces 100,000 deep',
  'dashes 50,000 deep',
  'dots 50,000 deep',
];
const noPassword = [...unreadable, ...noText, ...longest, 'a byte order mark'];

const never = rule(2);
/** A secret in a file; `done` where it may be empty. */
const secret = (done: number, empty = done): Rule => rule(done, { 2: noPassword, [empty]: ['nothing'] });
/** The sandbox, which is interrupted, does not wait for a pipe to its end. */
const sandboxSecret = rule(130, { 2: noPassword.filter((name) => !name.includes('pipe')) });
const required = (done: number): Rule => rule(done, { 2: [...noPassword, 'nothing'] });
/** A kapacitor.conf: `done` with one that the daemon cannot use, `off` with one that turns nothing on. */
const conf = (done: number, off = done): Rule =>
  rule(done, { [off]: [...blank, 'dots 50,000 deep'], 2: [...unreadable, ...overMebibyte] });
const environment = (done: number, wrong = done): Rule =>
  rule(done, { [wrong]: ['variables of a shell'], 2: [...unreadable, ...noText, ...overMebibyte] });
const state = rule(2, { 0: [...blank, 'null'] }, true);
const config = (ending: string, done = 0): Rule =>
  rule(2, { [done]: [...blank, ...(ending === 'toml' ? [] : ['null'])] });
const lookedFor = (ending: string, done = 0): Rule =>
  rule(2, { [done]: [...blank, 'a link to nothing', ...(ending === 'toml' ? [] : ['null'])] });
/** A file that is written; that some cannot be only the writing shows. */
const written = (done: number): Rule => rule(done, { 2: unwritable, 7: ['a pipe that nobody writes to'] }, true);

/** How a command ends for each bad file in a place. A place without a rule fails the corpus. */
export const fileRules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['user create --password-file', required(0)],
  ['user passwd --password-file', required(0)],
  ['bootstrap --password-file', required(6)],
  ['auth test --token-file', secret(1)],
  ['auth test --password-file', secret(1)],
  ['auth flush --password-file', secret(3)],
  ['sandbox --shared-secret-file', sandboxSecret],
  ['sandbox --internal-shared-secret-file', sandboxSecret],
  ['--meta-password-file', secret(0)],
  ['--meta-secret-file', required(0)],
  ['KAPADMIN_META_PASSWORD_FILE', secret(0)],
  ['KAPADMIN_META_SECRET_FILE', required(0)],
  ['passwordFile of a profile', secret(0)],
  ['secretFile of a profile', required(0)],
  ['password of a state', { ...required(7), reads: true }],
  ['hash of a state', rule(2, {}, true)],
  ['user create new --password-stdin', rule(0, { 2: ['nothing', 'a byte order mark', ...noText, ...overMebibyte] })],
  ['user list --meta-password-stdin', rule(0, { 2: ['a byte order mark', ...noText, ...overMebibyte] })],

  ['user rotate --kapacitor-conf', conf(7)],
  ['auth test --kapacitor-conf', conf(1, 0)],
  ['auth flush --kapacitor-conf', conf(3)],
  ['config check <file>', conf(1)],
  ['config check --kapacitor-conf', conf(1)],
  ['config show <file>', conf(1)],
  ['config show --kapacitor-conf', conf(1)],
  ['config fix <file>', conf(0)],
  ['config fix --kapacitor-conf', conf(0)],
  ['doctor --kapacitor-conf', conf(1)],
  ['KAPACITOR_CONFIG_PATH', conf(1)],
  ['own kapacitor.conf', { ...conf(1), but: new Map([...conf(1).but, ['nothing', 2]]) }],
  ['configFile of a scenario', conf(0)],
  ['sandbox --kapacitor-conf', rule(2, { 130: [...blank, 'dots 50,000 deep'] })],
  ['https-certificate', rule(1)],
  ['https-private-key', rule(1)],

  ['user rotate --env-file', environment(7)],
  ['auth test --env-file', environment(1)],
  ['auth flush --env-file', environment(3)],
  ['config check --env-file', environment(1)],
  ['config show --env-file', environment(0, 1)],
  ['config fix --env-file', environment(0)],
  ['doctor --env-file', environment(1)],

  ['auth test --scenario', never],
  ['auth matrix --diff', never],
  ['sandbox --seed', never],
  ['sandbox --data', rule(2, { 130: ['a link to nothing'] })],
  ['plan <file>', state],
  ['user list --state', state],
  ['auth can-i --state', rule(2, { 5: [...blank, 'null'] })],
  ['auth who-can --state', rule(2, { 1: [...blank, 'null'] })],
  ['auth matrix --state', state],
  ['plan --file', state],
  ['apply <file>', state],
  ['apply --file', state],
  ['a folder of states', state],
  ['plan -', state],
  ['apply - --yes', state],

  ['--config', config('yaml')],
  ['KAPADMIN_CONFIG', config('yaml')],
  ...['yaml', 'yml', 'toml', 'json'].flatMap((ending): [string, Rule][] => [
    [`own config.${ending}`, lookedFor(ending)],
  ]),
  ['own config.yaml that is changed', lookedFor('yaml', 5)],
  ['own config.yaml at TAB', rule(0)],

  ['auth test --live-ca', never],
  ['auth flush --kapacitor-ca', never],
  ['--meta-ca', never],
  ['--meta-cert', never],
  ['--meta-key', never],
  ['KAPADMIN_META_CA', never],
  ['KAPADMIN_META_CERT', never],
  ['KAPADMIN_META_KEY', never],
  ['ca of a profile', never],
  ['cert of a profile', never],
  ['key of a profile', never],

  ['--out', written(0)],
  ['doctor --bundle', written(1)],
  ['doctor --conformance', written(0)],
  // It is only named.
  ['doctor --sarif-anchor', rule(1)],
  ['config check --sarif-anchor', rule(1)],
  ['auth test --record', written(1)],
  ['apply --undo', rule(2, { 7: ['a link to nothing'] }, true)],
  ['user rotate --passwords-out', rule(2, { 7: ['a link to nothing', 'nothing', '1 MB of line ends'] })],
  ['plan --passwords-out', rule(1)],
  ['apply --passwords-out', rule(7)],
]);
