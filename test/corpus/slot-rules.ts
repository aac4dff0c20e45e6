/** How a command line ends for each text in one of its places: the code of most, and of some. */
export interface Rule {
  readonly code: number;
  readonly but: ReadonlyMap<string, number>;
  /** Reads may be sent before the fault is known. */
  readonly reads: boolean;
}

type Exceptions = Readonly<Record<number, readonly string[]>>;

export function rule(code: number, exceptions: Exceptions = {}, reads = false): Rule {
  const but = Object.entries(exceptions).flatMap(([other, labels]) =>
    labels.map((label) => [label, Number(other)] as const),
  );
  return { code, but: new Map(but), reads };
}

const halves = ['half a surrogate pair', 'the other half'];
const blanks = ['empty', 'a blank', '100,000 line ends'];
const controls = [
  'blanks around',
  'NUL',
  'a line end',
  'CR',
  'a tab',
  'an escape sequence',
  'a title sequence',
  'backspaces',
  'DEL',
  'C1',
];
const colons = ['a colon', 'a formula', 'an object', 'a URL of another scheme', 'a URL with a password'];
/** Names that no file in a folder has. */
const noFile = [
  'empty',
  'NUL',
  'a path upwards',
  'a folder',
  'markup',
  'a formula',
  'a YAML tag',
  'a long number',
  '1 MB',
  '1 MB of wide letters',
  '100,000 line ends',
  'a URL of another scheme',
  'a URL with a password',
];
const hostNames = [
  '__proto__',
  'constructor',
  'toString',
  'a dash before',
  'two dashes before',
  'only dashes',
  'one dash',
  'a number',
  'a huge number',
  'not a number',
];
const paths = ['a device', 'a folder', 'a URL of another scheme'];

/** A name that is to be made; `made` where it can be. */
const newName = (made: number): Rule => rule(made, { 2: [...blanks, ...controls, ...halves] });
/** The name of somebody who is not there. */
const stranger = rule(5, { 2: halves }, true);
const refused = rule(2);
const lists = rule(2, { 0: ['empty', 'a comma'] });
const strangers = rule(5, { 0: ['empty', 'a comma'], 2: halves }, true);
const database = rule(0, { 2: ['empty'] });
const kept = (done: number): Rule => rule(done, { 2: [...noFile, 'a device'] }, true);
const written = (done: number): Rule => rule(done, { 2: noFile });

/** Each place of a value on a command line. A flag that is not here has no rule, and fails the corpus. */
export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['user create <user>', newName(0)],
  ['user create --grant', lists],
  ['user create --role', strangers],
  ['user create --db', refused],
  ['user show <user>', stranger],
  ['user list --permission', refused],
  ['user list --role', rule(5)],
  ['user list --db', rule(0)],
  ['user delete <user>', stranger],
  ['user passwd <user>', stranger],
  ['user rotate <user>', stranger],
  ['user rotate --except', refused],
  ['user rotate --passwords-out', kept(7)],
  ['user grant <user>', stranger],
  ['user grant <permission>', refused],
  ['user grant --db', database],
  ['user grant --preset', refused],
  ['user revoke <user>', stranger],
  ['user revoke <permission>', refused],
  ['user revoke --db', database],
  ['role create <role>', newName(0)],
  ['role create --grant', lists],
  ['role create --user', strangers],
  ['role create --db', refused],
  ['role show <role>', stranger],
  ['role delete <role>', stranger],
  ['role rename <old>', stranger],
  ['role rename <new>', { ...newName(7), reads: true }],
  ['role grant <role>', stranger],
  ['role grant <permission>', refused],
  ['role grant --db', database],
  ['role grant --preset', refused],
  ['role revoke <role>', stranger],
  ['role revoke <permission>', refused],
  ['role revoke --db', database],
  ['role add-users <role>', stranger],
  ['role add-users <user>', stranger],
  ['role remove-users <role>', stranger],
  ['role remove-users <user>', rule(0)],
  ['permission show <permission>', refused],
  ['auth test --url', refused],
  ['auth test --user', rule(1)],
  ['auth test --method', rule(1)],
  ['auth test --header', rule(2, { 1: colons })],
  ['auth test --password', rule(1)],
  ['auth can-i <user>', stranger],
  ['auth can-i <path>', rule(1, { 0: paths })],
  ['auth who-can <path>', rule(1, { 0: paths })],
  ['auth matrix --user', rule(0)],
  ['auth matrix --endpoint', rule(2, { 0: ['empty'] })],
  ['auth matrix --db', database],
  ['auth matrix --role', rule(5)],
  ['profile show <profile>', rule(5)],
  ['profile add <profile>', rule(0, { 2: [...blanks, ...controls, '1 MB', '1 MB of wide letters'] })],
  ['profile use <profile>', rule(5)],
  ['profile remove <profile>', rule(5)],
  ['doctor --kapacitor', rule(2, { 1: ['a URL with a password'] })],
  ['doctor --bundle', written(1)],
  ['explain <id>', rule(5)],
  ['plan <file>', rule(2, { 0: ['one dash'] })],
  ['plan --passwords-out', rule(1)],
  ['plan --ignore', rule(1)],
  ['apply <file>', rule(2, { 0: ['one dash'] })],
  ['apply --passwords-out', rule(0)],
  ['apply --undo', kept(0)],
  ['bootstrap <user>', rule(6, { 2: [...blanks, ...controls, ...colons, ...halves] })],
  ['sandbox --data', kept(130)],
  ['sandbox --leader-name', rule(2, { 130: hostNames })],
  ['user create --password', rule(0, { 2: ['empty'] })],
  ['user passwd --password', rule(0, { 2: ['empty'] })],
  ['bootstrap --password', rule(6, { 2: ['empty'] })],
  ['--out', written(0)],
  ['--meta-url', rule(2, { 3: ['a URL with a password'] })],
  ['--meta-username', rule(0, { 2: ['empty', ...colons] })],
  ...[
    'user create --password-file',
    'user create --password-env',
    'user passwd --password-file',
    'user passwd --password-env',
    'user rotate --kapacitor-conf',
    'user rotate --env-file',
    'auth test --token-file',
    'auth test --password-file',
    'auth test --password-env',
    'auth test --at',
    'auth test --live-ca',
    'auth test --record',
    'auth test --scenario',
    'auth test --kapacitor-conf',
    'auth test --env-file',
    'auth can-i <method>',
    'auth who-can <method>',
    'auth matrix --method',
    'auth matrix --only',
    'auth matrix --diff',
    'config check <file>',
    'config check --kapacitor-conf',
    'config check --env-file',
    'config check --fail-on',
    'config show <file>',
    'config show --kapacitor-conf',
    'config show --env-file',
    'config fix <file>',
    'config fix --kapacitor-conf',
    'config fix --env-file',
    'doctor --fail-on',
    'doctor --kapacitor-conf',
    'doctor --env-file',
    'apply --concurrency',
    'bootstrap --password-file',
    'bootstrap --password-env',
    'sandbox --seed',
    'sandbox --bcrypt-cost',
    'sandbox --port',
    'sandbox --shared-secret-file',
    'sandbox --internal-shared-secret-file',
    'sandbox --kapacitor-port',
    'sandbox --kapacitor-conf',
    'sandbox --nodes',
    'sandbox --lag',
    'sandbox --elect-every',
    'sandbox --kill-every',
    'sandbox --fault',
    'sandbox --fault-seed',
    'completion <shell>',
    '--output',
    '--profile',
    '--config',
    '--meta-password-file',
    '--meta-secret-file',
    '--meta-ca',
    '--meta-cert',
    '--meta-key',
    '--connect-timeout',
    '--timeout',
    '--wait',
    '--retries',
    '--max-body',
  ].map((place): [string, Rule] => [place, refused]),
]);
