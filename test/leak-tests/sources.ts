import { secrets } from './secrets.js';
import type { Source, SourceOf } from './source.js';

const { own, second, token, daemon, daemonSecret, internal, smtp, hash } = secrets;

/** Where a password comes from that a command is about. */
const stdin: SourceOf = () => ({
  name: '--password-stdin',
  secrets: ['own'],
  flags: ['--password-stdin'],
  stdin: `${own.value}\n`,
  takesInput: true,
});
const typed: SourceOf = () => ({ name: 'a terminal', secrets: ['own'], typed: own.value, takesInput: true });
const file: SourceOf = () => ({
  name: '--password-file',
  secrets: ['own'],
  flags: ['--password-file', 'password'],
  files: { password: `${own.value}\n` },
});
const env: SourceOf = () => ({
  name: '--password-env',
  secrets: ['own'],
  flags: ['--password-env', 'PW'],
  env: { PW: own.value },
});
const value: SourceOf = () => ({ name: '--password', secrets: ['own'], flags: ['--password', own.value] });
const generate: SourceOf = () => ({ name: '--generate', secrets: [], flags: ['--generate'], prints: true });

export function kapacitorConf(url: string, account: 'user' | 'secret' = 'user'): string {
  const lines = {
    user: [`  meta-username = "daemon"`, `  meta-password = ${JSON.stringify(daemon.value)}`],
    secret: [`  meta-internal-shared-secret = ${JSON.stringify(internal.value)}`],
  };
  return [
    'data_dir = "/var/lib/kapacitor"',
    '[http]',
    '  auth-enabled = true',
    `  shared-secret = ${JSON.stringify(daemonSecret.value)}`,
    '[auth]',
    '  enabled = true',
    '  bcrypt-cost = 4',
    `  meta-addr = "${url.replace('http://', '')}"`,
    ...lines[account],
    '[smtp]',
    `  password = ${JSON.stringify(smtp.value)}`,
    '',
  ].join('\n');
}

const inConf = ['daemon', 'daemonSecret', 'smtp'] as const;
const variables = (url: string): Readonly<Record<string, string>> => ({
  KAPACITOR_HTTP_AUTH_ENABLED: 'true',
  KAPACITOR_HTTP_SHARED_SECRET: daemonSecret.value,
  KAPACITOR_AUTH_ENABLED: 'true',
  KAPACITOR_AUTH_BCRYPT_COST: '4',
  KAPACITOR_AUTH_META_ADDR: url.replace('http://', ''),
  KAPACITOR_AUTH_META_USERNAME: 'daemon',
  KAPACITOR_AUTH_META_PASSWORD: daemon.value,
  KAPACITOR_SMTP_PASSWORD: smtp.value,
});

function inSystemd(values: Readonly<Record<string, string>>): string {
  const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  return Object.entries(values)
    .map(([name, text]) => `${name}=${quoted(text)}\n`)
    .join('');
}

/** Kapacitor's own configuration, by its flags and where it is looked for. */
const conf: SourceOf = (url) => ({
  name: '--kapacitor-conf',
  secrets: inConf,
  flags: ['--kapacitor-conf', 'k.conf', '--no-env'],
  files: { 'k.conf': kapacitorConf(url) },
});
const confOfSecret: SourceOf = (url) => ({
  name: '--kapacitor-conf with a secret for the meta node',
  secrets: ['internal', 'daemonSecret', 'smtp'],
  flags: ['--kapacitor-conf', 'k.conf', '--no-env'],
  files: { 'k.conf': kapacitorConf(url, 'secret') },
});
const foundConf: SourceOf = (url) => ({
  name: 'the kapacitor.conf that is found',
  secrets: inConf,
  flags: ['--no-env'],
  files: { '~/.kapacitor/kapacitor.conf': kapacitorConf(url) },
});
const envFile: SourceOf = (url) => ({
  name: '--env-file',
  secrets: inConf,
  flags: ['--kapacitor-conf', 'k.conf', '--env-file', 'k.env'],
  files: { 'k.conf': 'data_dir = "/d"\n[smtp]\n  enabled = false\n', 'k.env': inSystemd(variables(url)) },
});
const shell: SourceOf = (url) => ({
  name: "the shell's KAPACITOR_ variables",
  secrets: inConf,
  flags: ['--kapacitor-conf', 'k.conf'],
  files: { 'k.conf': 'data_dir = "/d"\n[smtp]\n  enabled = false\n' },
  env: variables(url),
});
const confSources = [conf, confOfSecret, foundConf];
const envSources = [envFile, shell];

/** What `auth test` is asked with, its Kapacitor being that of a kapacitor.conf. */
function login(source: Source, url: string): Source {
  return {
    ...source,
    secrets: [...source.secrets, ...inConf],
    flags: ['--kapacitor-conf', 'k.conf', '--no-env', ...(source.flags ?? [])],
    files: { 'k.conf': kapacitorConf(url), ...source.files },
  };
}

const tasks = '/kapacitor/v1/tasks';
const asked = (flags: readonly string[], more: Partial<Source> = {}): SourceOf => {
  const name = [...flags.filter((word) => word.startsWith('--')), ...Object.keys(more.env ?? {})].join(' ');
  return (url) => login({ name, secrets: ['own'], ...more, flags: flags.map((word) => word.replace('URL', url)) }, url);
};
const loginUrl = asked(['--url', `URL${tasks}?u=joe&p=${encodeURIComponent(own.value)}`]);
const loginAccount: SourceOf = (url) => {
  const whole = url.replace('://', `://joe:${encodeURIComponent(own.value)}@`);
  return login({ name: '--url with an account', secrets: ['own'], flags: ['--url', whole + tasks, '--live'] }, url);
};
const loginVariable: SourceOf = (url) => {
  const whole = url.replace('://', `://joe:${encodeURIComponent(own.value)}@`);
  return login({ name: 'KAPACITOR_URL', secrets: ['own'], env: { KAPACITOR_URL: whole + tasks } }, url);
};
const loginToken = asked(['--url', `URL${tasks}`, '--token-file', 'token', '--live'], {
  secrets: ['token'],
  files: { token: token.value },
});
const loginHeader = asked(['--url', `URL${tasks}`, '--header', `Authorization: Bearer ${token.value}`, '--live'], {
  secrets: ['token'],
});
const recorded = asked(
  ['--url', `URL${tasks}`, '--user', 'joe', '--password-env', 'PW', '--at', '0s,11m', '--record', 'login.yaml'],
  { env: { PW: own.value } },
);
/** Kapacitor asks the meta node whether the password is that of LDAP. */
const ldapUser = asked(['--url', `URL${tasks}`, '--user', 'linda', '--password-env', 'PW'], { env: { PW: own.value } });
const scenario: SourceOf = () => ({
  name: '--scenario',
  secrets: ['own', 'daemon', 'daemonSecret', 'smtp', 'hash'],
  flags: ['--scenario', 'access.json'],
  files: {
    'access.json': JSON.stringify({
      kapacitor: { config: kapacitorConf('http://127.0.0.1:8091') },
      meta: {
        credentials: { username: 'daemon', password: daemon.value },
        users: [
          { name: 'joe', password: own.value, permissions: { '': ['KapacitorAPI'] } },
          { name: 'jane', hash: hash.value },
        ],
      },
      steps: [
        { at: '0s', request: { path: tasks, username: 'joe', password: own.value }, expect: { verdict: 'deny' } },
        { at: '1s', request: { path: tasks, username: 'jane', password: own.value } },
        { at: '2s', request: { url: `http://joe:${encodeURIComponent(own.value)}@k:9092${tasks}?p=x` } },
      ],
    }),
  },
});

/** Wanted state, with each way in which it names a secret. */
const state = (password: object, more: Partial<Source>): SourceOf => {
  const users = { fresh: password };
  const files = { 'state.json': JSON.stringify({ users }), ...more.files };
  return () => ({
    name: `wanted state with ${JSON.stringify(password)}`,
    secrets: [],
    args: ['state.json'],
    ...more,
    files,
  });
};
const stateSources = [
  state({ password: { env: 'PW' } }, { secrets: ['own'], env: { PW: own.value } }),
  state({ password: { file: 'pw' } }, { secrets: ['own'], files: { pw: own.value } }),
  state({ hash: { env: 'HASH' } }, { secrets: ['hash'], env: { HASH: hash.value } }),
  state({ hash: { file: 'hash' } }, { secrets: ['hash'], files: { hash: hash.value } }),
  state({ hash: { value: hash.value } }, { name: 'wanted state with a hash', secrets: ['hash'] }),
];
const made = state({ password: { generate: true } }, { flags: ['--passwords-out', 'made'], keeps: ['made'] });
const ofAll: SourceOf = () => ({
  name: 'wanted state of users that are there',
  secrets: ['own', 'second'],
  args: ['state.json'],
  flags: ['--set-passwords', '--check-passwords'],
  env: { OWN: own.value, SECOND: second.value },
  files: {
    'state.json': JSON.stringify({
      users: { joe: { password: { env: 'OWN' } }, daemon: { password: { env: 'SECOND' } } },
    }),
  },
});

const fileOfConfig: SourceOf = (url) => ({
  name: 'a kapacitor.conf',
  secrets: inConf,
  flags: ['--no-env'],
  args: ['k.conf'],
  files: { 'k.conf': kapacitorConf(url) },
});

const someone = ['--user', 'joe'];
/** A login of joe, whose Kapacitor is that of the source. */
const loginBy =
  (of: SourceOf): SourceOf =>
  (url) => {
    const source = of(url);
    return {
      ...source,
      secrets: [...source.secrets, 'own'],
      flags: [...(source.flags ?? []), '--url', url + tasks, ...someone, '--password-env', 'PW'],
      env: { PW: own.value, ...source.env },
    };
  };
/** A login of joe, whose password is that of the source. */
const loginWith =
  (of: SourceOf): SourceOf =>
  (url) => {
    const source = of(url);
    return login({ ...source, flags: [...(source.flags ?? []), '--url', url + tasks, ...someone] }, url);
  };
/** A flush of joe by himself, whose password is that of the source. */
const flushWith =
  (of: SourceOf): SourceOf =>
  (url) => {
    const source = of(url);
    const flags = [...(source.flags ?? []), '--kapacitor', url, '--kapacitor-user', 'joe'];
    return { ...source, secrets: [...new Set([...source.secrets, 'own' as const])], flags };
  };
/** A flush of joe, beside the kapacitor.conf of the source. */
const flushBy = (of: SourceOf): SourceOf =>
  flushWith((url) => {
    const source = of(url);
    return {
      ...source,
      flags: [...(source.flags ?? []), '--password-env', 'PW'],
      env: { PW: own.value, ...source.env },
    };
  });
const flushAccount: SourceOf = (url) => ({
  name: '--kapacitor with an account',
  secrets: ['own'],
  flags: ['--kapacitor', url.replace('://', `://joe:${encodeURIComponent(own.value)}@`)],
});
const withoutArguments =
  (of: SourceOf): SourceOf =>
  (url) => ({ ...of(url), args: [] });

/** State files in place of the cluster: passwords in them are never read, hashes never printed. */
const stateFlag: SourceOf = () => {
  const users = {
    joe: { hash: { value: hash.value }, permissions: { '': ['KapacitorAPI'] } },
    jane: { password: { file: 'password' } },
  };
  return {
    name: '--state',
    secrets: ['own', 'hash'],
    flags: ['--state', 'state.json'],
    files: { 'state.json': JSON.stringify({ users }), password: own.value },
  };
};

/** By flag or argument of a command: how it brings secrets in, or keeps them. */
export const byPlace: Readonly<Record<string, readonly SourceOf[]>> = {
  '--password-stdin': [stdin, typed],
  '--password-file': [file],
  '--password-env': [env],
  '--password': [value],
  '--generate': [generate],
  '--kapacitor-conf': confSources,
  '--env-file': envSources,
  'user rotate --passwords-out': [() => ({ name: '--passwords-out', secrets: [], flags: ['--no-env'] })],
  'auth flush --password-stdin': [stdin, typed].map(flushWith),
  'auth flush --password-file': [flushWith(file)],
  'auth flush --password-env': [flushWith(env)],
  'auth flush --password': [flushWith(value)],
  'auth flush --kapacitor-conf': confSources.map(flushBy),
  'auth flush --env-file': envSources.map(flushBy),
  'auth flush --kapacitor': [flushAccount],
  'auth test --password-stdin': [stdin, typed].map(loginWith),
  'auth test --password-file': [loginWith(file)],
  'auth test --password-env': [loginWith(env)],
  'auth test --password': [loginWith(value)],
  'auth test --kapacitor-conf': confSources.map(loginBy),
  'auth test --env-file': envSources.map(loginBy),
  'auth test --url': [loginUrl, loginAccount, loginVariable],
  'auth test --user': [ldapUser],
  'auth test --token-file': [loginToken],
  'auth test --header': [loginHeader],
  'auth test --record': [recorded],
  'auth test --scenario': [scenario],
  '--state': [stateFlag],
  'doctor --kapacitor': [
    (url) => ({
      name: '--kapacitor with an account',
      secrets: [...inConf, 'own'],
      flags: [
        '--kapacitor',
        url.replace('://', `://joe:${encodeURIComponent(own.value)}@`),
        '--kapacitor-conf',
        'k.conf',
      ],
      files: { 'k.conf': kapacitorConf(url) },
    }),
  ],
  'doctor --probe': [() => ({ name: '--probe', secrets: [], flags: ['--no-env', '--probe', '--yes'] })],
  'doctor --bundle': [
    (url) => ({
      name: '--bundle',
      secrets: inConf,
      flags: ['--bundle', 'bundle.json', '--kapacitor-conf', 'k.conf', '--kapacitor', url],
      files: { 'k.conf': kapacitorConf(url) },
    }),
  ],
  'doctor --conformance': [
    // It has no findings: SARIF and JUnit are refused.
    () => ({
      name: '--conformance',
      secrets: [],
      flags: ['--no-env', '--conformance', 'report.json', '--yes', '--wait', '0'],
      codes: [0, 2],
    }),
  ],
  'plan <file>': [...stateSources, ofAll],
  'plan --file': [...stateSources, ofAll],
  'plan --passwords-out': [made],
  'apply <file>': [...stateSources, ofAll],
  'apply --file': [...stateSources, ofAll],
  'apply --passwords-out': [made],
  'apply --undo': [
    () => ({
      name: '--undo',
      secrets: [],
      args: ['state.json'],
      flags: ['--prune', '--yes', '--undo', 'before.yaml'],
      files: { 'state.json': '{"options":{"absent":{"users":["joe"]}}}' },
      keeps: ['before.yaml'],
    }),
  ],
  'export --with-hashes': [() => ({ name: '--with-hashes', secrets: [], flags: ['--with-hashes'], prints: true })],
  'config init': [() => ({ name: 'new secrets', secrets: [], prints: true })],
  ...Object.fromEntries(
    ['check', 'show', 'fix'].flatMap((command) => [
      [`config ${command} <file>`, [fileOfConfig]],
      [`config ${command} --kapacitor-conf`, confSources.map(withoutArguments)],
      [`config ${command} --env-file`, envSources.map(withoutArguments)],
    ]),
  ),
  'config fix --write': [
    (url) => ({
      name: '--write',
      secrets: inConf,
      flags: ['--no-env', '--write', '--yes'],
      args: ['k.conf'],
      files: { 'k.conf': `${kapacitorConf(url)}[http2]\n` },
      keeps: ['k.conf'],
    }),
  ],
  'sandbox --seed': [
    () => ({
      name: '--seed',
      secrets: ['meta', 'own', 'hash'],
      flags: ['--seed', 'seed.json', '--data', 'data'],
      files: {
        'seed.json': JSON.stringify({
          credentials: { username: 'root', password: secrets.meta.value },
          users: [
            { name: 'joe', password: own.value },
            { name: 'jane', hash: hash.value },
          ],
        }),
      },
      keeps: ['data'],
    }),
  ],
  'sandbox --data': [() => ({ name: '--data', secrets: [], flags: ['--data', 'data'], keeps: ['data'] })],
  'sandbox --kapacitor-conf': [
    (url) => ({
      name: '--kapacitor-conf',
      secrets: inConf,
      flags: ['--kapacitor-conf', 'k.conf'],
      files: { 'k.conf': kapacitorConf(url) },
    }),
  ],
  'sandbox --shared-secret-file': [
    () => ({
      name: '--shared-secret-file',
      secrets: ['shared'],
      flags: ['--shared-secret-file', 'secret'],
      files: { secret: secrets.shared.value },
    }),
  ],
  'sandbox --internal-shared-secret-file': [
    () => ({
      name: '--internal-shared-secret-file',
      secrets: ['internal'],
      flags: ['--internal-shared-secret-file', 'secret'],
      files: { secret: internal.value },
    }),
  ],
};
