import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeTestContext, type TestOptions } from '../context.js';
import { run } from '../../src/cli/run.js';
import { makeFolder } from '../folder.js';
import { answer, deadUrl, redirect, serve, serveBytes } from '../meta/server.js';
import { readJunit } from '../output/formats/junit-reader.js';
import { type Ran, runLine } from '../run.js';
import { makeTypist } from '../typist.js';
import { conf, loginCluster, tasks } from './login.js';

const johndoe = ['--url', tasks, '--user', 'johndoe', '--password-env', 'PW', '-q'];
const config = [
  '--url',
  'http://kapacitor:9092/kapacitor/v1/config',
  '--user',
  'johndoe',
  '--password',
  'pw-johndoe',
  '-q',
];

/** `auth test` with a kapacitor.conf of this text. */
function runWith(text: string, words: readonly string[], options: TestOptions = {}): Promise<Ran> {
  const folder = makeFolder({ 'kapacitor.conf': text });
  const argv = ['auth', 'test', '--kapacitor-conf', `${folder}/kapacitor.conf`, '--no-env', ...words];
  return runLine(argv, { env: { PW: 'pw-johndoe' }, ...options });
}

interface Case {
  readonly verdict: string;
  readonly status: number | null;
  readonly message: string | null;
  readonly known: boolean;
  readonly at: string;
  readonly metaRequests: readonly unknown[];
  readonly explanation: { readonly cause: string; readonly warnings: readonly string[] };
}

function cases({ stdout }: Ran): readonly Case[] {
  return (JSON.parse(stdout) as { requests: readonly Case[] }).requests;
}

describe('auth test of a login', () => {
  it('has what it rests on below the request where a terminal is narrow', async () => {
    const { login } = await loginCluster();
    const heads = async (columns: number): Promise<readonly string[]> => {
      const { stdout } = await login([...johndoe, '--no-color'], { terminal: { stdout: true }, columns });
      return stdout.split('\n').slice(0, 2);
    };
    expect(await heads(60)).toEqual([
      'Simulated Kapacitor 1.8 (assumed):  GET /kapacitor/v1/tasks',
      expect.stringMatching(/^kapacitor\.conf: \S*kapacitor\.conf$/),
    ]);
    expect((await heads(300))[1]).toBe(' ✔ credentials    Basic, user johndoe');
  });

  it('that is allowed shows each step: exit 0', async () => {
    const { login, urls } = await loginCluster();
    const { code, stdout, stderr } = await login(johndoe);
    expect([code, stderr]).toEqual([0, '']);
    const [head, ...lines] = stdout.trim().split('\n');
    expect(head).toMatch(
      /^Simulated Kapacitor 1\.8 \(assumed\): {2}GET \/kapacitor\/v1\/tasks +kapacitor\.conf: .*kapacitor\.conf$/,
    );
    expect(lines.map((line) => line.replace(/ in \d+ ms$/, ''))).toEqual([
      ' ✔ credentials    Basic, user johndoe',
      ' · user cache     miss (cache-expiration 5m)',
      ` ✔ meta lookup    GET ${urls[0]}/user?name=johndoe as admin: 200`,
      ' ✔ password       bcrypt $2a$04$ matches; the password cache keeps it for 1h',
      ' ✔ privileges     read on /api/tasks (/api is /kapacitor/v1): allowed (all privileges on /api)',
      'allowed',
    ]);
  });

  it('that is refused shows the exact sentence and what fixes it: exit 1', async () => {
    const { login } = await loginCluster();
    const { code, stdout } = await login(config);
    expect(code).toBe(1);
    expect(stdout).toContain(
      ' ✖ privileges     read on /api/config (/api is /kapacitor/v1): denied (no privilege on /api/config',
    );
    expect(stdout).toContain(
      '403 {"error":"user johndoe does not have \\"read\\" privilege for API endpoint \\"/kapacitor/v1/config\\""',
    );
    expect(stdout).toContain('To allow it: kapadmin user grant johndoe KapacitorConfigAPI');
    expect(cases(await login([...config, '-o', 'json']))).toMatchObject([
      {
        verdict: 'deny',
        status: 403,
        message: 'user johndoe does not have "read" privilege for API endpoint "/kapacitor/v1/config"',
        explanation: { cause: 'right-elsewhere' },
      },
    ]);
  });

  it.each([
    ['a wrong password', ['--user', 'johndoe', '--password', 'x'], 'wrong-password', 'authorization failed'],
    ['an unknown user', ['--user', 'nobody', '--password', 'x'], 'unknown-user', 'authorization failed'],
    ['no credentials', [], 'no-credentials', 'unable to parse authentication credentials'],
    ['an empty name', ['--header', 'Authorization: Basic Og=='], 'username-required', 'username required'],
    [
      'an unknown permission',
      ['--user', 'odd', '--password', 'pw-odd'],
      'undecodable-document',
      'authorization failed',
    ],
  ])('with %s: exit 1, at once', async (_, words, cause, message) => {
    const { login } = await loginCluster();
    const ran = await login(['--url', tasks, ...words, '-q', '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(cases(ran)).toMatchObject([{ status: 401, message, explanation: { cause }, known: true }]);
  });

  it('that has a privilege only through a role is reported so', async () => {
    const { run } = await loginCluster();
    const words = ['auth', 'test', '--url', tasks, '--user', 'byrole', '--password-env', 'PW', '-o', 'json'];
    const ran = await run(words, { env: { PW: 'pw-byrole' } });
    expect(ran.code).toBe(1);
    expect(cases(ran)).toMatchObject([{ status: 403, explanation: { cause: 'right-only-by-role' } }]);
    expect(ran.stdout).toContain('kapadmin user grant byrole KapacitorAPI');
  });

  it('by u and p of the query shows no password', async () => {
    const { login } = await loginCluster();
    const { code, stdout } = await login(['--url', `${tasks}?u=johndoe&p=pw-johndoe`, '-q']);
    expect(code).toBe(0);
    expect(stdout).toContain('GET /kapacitor/v1/tasks?u=johndoe&p=***');
    expect(stdout).toContain('query parameters u and p, user johndoe');
    expect(stdout).not.toContain('pw-johndoe');
  });

  it('of the URL warns of the password in it, and takes KAPACITOR_URL without a word', async () => {
    const { login } = await loginCluster();
    const url = 'http://johndoe:pw-johndoe@kapacitor:9092/kapacitor/v1/tasks';
    const named = await login(['--url', url]);
    expect([named.code, named.stderr]).toEqual([
      0,
      expect.stringContaining('the password in --url is visible in the process list'),
    ]);
    const quiet = await login([], { env: { KAPACITOR_URL: url } });
    expect([quiet.code, quiet.stderr]).toEqual([0, '']);
  });

  it('by a bearer token of a file', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256' })}.${part({ username: 'johndoe', exp: 4_000_000_000 })}`;
    const token = `${signed}.${createHmac('sha256', 'sh4red').update(signed).digest('base64url')}`;
    const folder = makeFolder({ token: `${token}\n` });
    const { login } = await loginCluster([], ['  shared-secret = "sh4red"']);
    const ran = await login(['--url', tasks, '--token-file', `${folder}/token`, '-q']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('HS256 signature matches shared-secret, user johndoe');
    const open = await loginCluster();
    const refused = await open.login(['--url', tasks, '--token-file', `${folder}/token`, '-q', '-o', 'json']);
    expect(cases(refused)).toMatchObject([{ message: 'invalid token: signature is invalid' }]);
  });
});

describe('auth test of a request that is let in and comes to nothing', () => {
  const asJohndoe = ['--user', 'johndoe', '--password-env', 'PW', '-q'];

  it.each([
    ['/tasks', 'Kapacitor has no endpoint /tasks: it would respond with 404. Did you mean "/kapacitor/v1/tasks"?'],
    ['/kapacitor/v1/taskz', 'Kapacitor has no endpoint /kapacitor/v1/taskz: it would respond with 404. Did you mean'],
  ])('verdict 6: %s is exit 1, with the endpoint that is meant', async (path, why) => {
    const { login } = await loginCluster();
    const { code, stdout } = await login(['--url', `http://kapacitor:9092${path}`, ...asJohndoe]);
    expect(code).toBe(1);
    expect(stdout).toContain(`404 {"error":"Not Found","message":"Not Found"}\nWhy: ${why}`);
    expect(stdout).not.toContain('allowed\n');
    const json = await login(['--url', `http://kapacitor:9092${path}`, ...asJohndoe, '-o', 'json']);
    expect(cases(json)).toMatchObject([
      { allowed: false, verdict: 'no-endpoint', status: 404, explanation: { cause: 'no-endpoint' } },
    ]);
    const junit = await login(['--url', `http://kapacitor:9092${path}`, ...asJohndoe, '-o', 'junit']);
    expect(junit.stdout).toContain('failures="1"');
  });

  it('verdict 6: a denied path that is not an endpoint is reported as such', async () => {
    const { login } = await loginCluster();
    const url = 'http://kapacitor:9092/kapacitor/v1/config2';
    const { code, stdout } = await login(['--url', url, '--user', 'byrole', '--password', 'pw-byrole', '-q']);
    expect(code).toBe(1);
    expect(stdout).toContain('Kapacitor has no endpoint /kapacitor/v1/config2: it would respond with 404.');
  });

  it('verdict 5: a write without a database is exit 1, with what is missing', async () => {
    const { login } = await loginCluster();
    const { code, stdout } = await login(['--url', 'http://kapacitor:9092/write', '--method', 'POST', ...asJohndoe]);
    expect(code).toBe(1);
    expect(stdout).toContain('400 database is required\n');
    expect(stdout).toContain('Name the database: ?db=NAME');
  });
});

describe('auth test where kapadmin itself has no account', () => {
  const words = ['auth', 'test', ...johndoe.slice(0, -1), '--no-env'];

  it.each([
    ['none', {}, 'no account is configured for the meta node'],
    ['a wrong one', { KAPADMIN_META_USERNAME: 'me', KAPADMIN_META_PASSWORD: 'no' }, 'rejects kapadmin\'s account "me"'],
  ])('verdict 2: %s is not known, exit 4, with the flags that give one', async (_, account, why) => {
    const { urls } = await loginCluster();
    const env = { KAPADMIN_META_URL: urls[0] ?? '', PW: 'pw-johndoe', ...account };
    const { code, stdout } = await runLine(words, { env });
    expect(code).toBe(4);
    expect(stdout).toContain('\nunknown\n');
    expect(stdout).toContain(why);
    expect(stdout).toContain('What Kapacitor would respond is not known');
    expect(stdout).toMatch(/--meta-username NAME.*--meta-secret-file FILE.*--kapacitor-conf FILE/);
    const json = await runLine([...words, '-o', 'json'], { env });
    expect(cases(json)).toMatchObject([{ known: false, explanation: { cause: 'meta-refuses-connection' } }]);
  });

  it("verdict 2: a kapacitor.conf whose account is refused is Kapacitor's own answer, exit 1", async () => {
    const { urls } = await loginCluster();
    const { code, stdout } = await runWith(conf(urls[0] ?? '').replace('changeit', 'wrong'), johndoe);
    expect(code).toBe(1);
    expect(stdout).toContain("the meta node rejects Kapacitor's own account, the account admin");
  });
});

describe('auth test of a user', () => {
  it('verdict 10: whose password is wrong says first to check it', async () => {
    const { login } = await loginCluster();
    const { stdout } = await login([...johndoe], { env: { PW: 'wrong' } });
    expect(stdout).toContain(
      'Check the password: it is not the one that the cluster has for johndoe\nTo reset it: kapadmin user passwd johndoe\n',
    );
  });

  it('verdict 31: whose name has a colon says that Basic cuts it, and no command about another user', async () => {
    const { login } = await loginCluster();
    const url = ['--url', tasks];
    const { code, stdout } = await login([...url, '--user', 'ü x:y', '--password', 'p', '-q']);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'Why: Basic authentication ends the user name at its first colon: Kapacitor reads "ü x:y" as user "ü x" and treats the rest as part of the password.',
    );
    expect(stdout).toContain('Send the name in the query instead: ?u=%C3%BC%20x%3Ay&p=PASSWORD');
    expect(stdout).not.toContain('user create');
  });

  it('verdict 8: who is not named is asked for on a terminal', async () => {
    const { urls } = await loginCluster();
    const folder = makeFolder({ 'kapacitor.conf': conf(urls[0] ?? '') });
    const words = ['auth', 'test', '--kapacitor-conf', `${folder}/kapacitor.conf`, '--no-env'];
    const typist = makeTypist();
    const context = makeTestContext({ stdin: typist.stdin, terminal: true, cwd: folder, home: folder });
    const ended = run([...words, '--url', 'http://kapacitor:9092', '--no-color'], context);
    await typist.play(context, [
      ['User (empty: no credentials)', 'johndoe\r'],
      ['Password of johndoe', 'pw-johndoe\r'],
    ]);
    expect(await ended).toBe(1);
    expect(context.stdout()).toMatch(/GET +\/kapacitor\/v1\/tasks .*allow/);
  });

  it('verdict 8: who is not named is one sentence elsewhere, with --user', async () => {
    const { login } = await loginCluster();
    const { code, stdout } = await login(['--url', 'http://kapacitor:9092', '-q']);
    expect(code).toBe(1);
    expect(stdout.trim().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^401 .*: no credentials sent\. Log in with --user NAME\.$/),
    ]);
  });
});

describe('auth test without a path', () => {
  it('shows the standard endpoints in a table, ends by the worst, and offers nothing unasked', async () => {
    const { login } = await loginCluster();
    const { code, stdout } = await login([
      '--url',
      'http://kapacitor:9092',
      '--user',
      'johndoe',
      '--password',
      'pw-johndoe',
      '-q',
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/GET +\/kapacitor\/v1\/tasks +read tasks +allow/);
    expect(stdout).toMatch(/GET +\/kapacitor\/v1\/config +read the configuration +deny 403/);
    expect(stdout).toMatch(/\nThe login is accepted\. For the reason of one row, add its path to --url\.\n$/);
    expect(stdout).not.toContain('kapadmin user grant');
  });

  it('fails for a login that is rejected, and for a user that may do nothing, with the fix', async () => {
    const { login } = await loginCluster();
    const words = (name: string, password: string) => [
      '--url',
      'http://kapacitor:9092',
      '--user',
      name,
      '--password',
      password,
      '-q',
    ];
    const wrong = await login(words('johndoe', 'wrong'));
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain('\nThe login is rejected.\n');
    const none = await login(words('byrole', 'pw-byrole'));
    expect(none.code).toBe(1);
    expect(none.stdout).toContain('\nThe login is accepted, but no standard endpoint is allowed.\n');
    expect(none.stdout).toContain('kapadmin user grant byrole KapacitorAPI');
  });

  it('verdict 5: shows a write without a database as 400, then by database, as the matrix does', async () => {
    const { login, run } = await loginCluster();
    const words = ['--url', 'http://kapacitor:9092', '--user', 'johndoe', '--password', 'pw-johndoe', '-q'];
    const { stdout } = await login(words);
    expect(stdout).toMatch(/^POST +\/kapacitor\/v1\/write +write points.* {2}400 +a write needs a database/m);
    expect(stdout).toMatch(/^POST +\/kapacitor\/v1\/write\?db=telegraf +write points to database telegraf +allow /m);
    expect(stdout).toMatch(/^POST +\/kapacitor\/v1\/write\?db=OTHER +write points to any other database +deny 401 /m);
    const matrix = await run(['auth', 'matrix', '--endpoint', '/kapacitor/v1/write', '--user', 'johndoe', '-o', 'csv']);
    expect(matrix.stdout).toMatch(/write telegraf,write x,write others\r\njohndoe,,,yes,no,no\r\n/);
    const admin = ['--url', 'http://kapacitor:9092', '--user', 'admin', '--password', 'changeit', '-o', 'json'];
    const all = await login(admin);
    expect(all.code).toBe(0);
    expect(cases(all).slice(-2)).toMatchObject([
      { allowed: false, verdict: 'no-database', status: 400, message: 'database is required' },
      { allowed: true, verdict: 'allow', status: null, message: null, explanation: { cause: 'allowed' } },
    ]);
  });
});

describe('auth test -o junit', () => {
  it('is a case for each request, failed where it is not allowed', async () => {
    const { login } = await loginCluster();
    const allowed = await login([...johndoe, '-o', 'junit']);
    expect(allowed.stdout).toContain('<testsuite name="auth test" tests="2" failures="0" skipped="0" time="');
    const refused = await login([...config, '-o', 'junit']);
    expect(refused.code).toBe(1);
    expect(readJunit(refused.stdout).map(({ name, end }) => [name, end])).toEqual([
      ['Kapacitor starts', 'passed'],
      ['#1 0s GET /kapacitor/v1/config as johndoe', 'failed'],
    ]);
    expect(refused.stdout).toContain('<failure message="403 {&quot;error&quot;');
    expect((await runWith('[http\n', [...johndoe, '-o', 'junit'])).stdout).toContain('<failure message="parse config');
  });
});

describe('auth test at several moments', () => {
  it('--at runs one daemon: a document is read once, caches count', async () => {
    const { login } = await loginCluster();
    const ran = await login([...johndoe, '--at', '0s,4m,5m,2h', '-o', 'json']);
    expect(ran.code).toBe(0);
    expect(cases(ran).map(({ at, metaRequests }) => [at, metaRequests.length])).toEqual([
      ['0s', 1],
      ['4m', 0],
      ['5m', 1],
      ['2h', 1],
    ]);
  });
});

describe('auth test where the meta node', () => {
  it('is down: exit 3, and what it would be is reported', async () => {
    const ran = await runWith(conf(await deadUrl()), [...johndoe, '-o', 'json']);
    expect(ran.code).toBe(3);
    expect(cases(ran)).toMatchObject([{ known: false, status: 401, explanation: { cause: 'meta-unreachable' } }]);
    const { stdout } = await runWith(conf(await deadUrl()), johndoe);
    expect(stdout).toContain('if Kapacitor gets the same response: 401');
    expect(stdout).toContain(
      'Kapacitor would retry for 10 s, then respond 401 (assumed: every attempt fails as this one)',
    );
  });

  it('answers an error of its own: exit 8', async () => {
    const node = await serve((_, response) => answer(response, 500, { error: 'disk full' }));
    const { code, stdout } = await runWith(conf(node.url), johndoe);
    expect(code).toBe(8);
    expect(stdout).toContain('Why: the meta node returns an error: 500 "disk full"');
    expect(node.seen).toHaveLength(1);
  });

  it('answers HTML: exit 8', async () => {
    const node = await serve((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    const { code, stdout } = await runWith(conf(node.url), johndoe);
    expect(code).toBe(8);
    expect(stdout).toContain('the response of the meta node is not JSON');
  });

  it('speaks no HTTP: exit 8', async () => {
    const node = await serveBytes('SSH-2.0-OpenSSH\r\n\r\n');
    expect((await runWith(conf(node.url), johndoe)).code).toBe(8);
  });

  it('refuses the account of the file: exit 1, for that is the answer', async () => {
    const node = await serve((_, response) => answer(response, 401, { error: 'authorization failed' }));
    const ran = await runWith(conf(node.url), [...johndoe, '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(cases(ran)).toMatchObject([{ explanation: { cause: 'meta-refuses-account' } }]);
    expect(node.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('admin:changeit').toString('base64')}`);
  });

  it('redirects to a host that it does not name: exit 3, and nothing is sent there', async () => {
    const other = await serve((_, response) => answer(response, 200));
    const node = await serve((seen, response) =>
      seen.url.startsWith('/user') ? redirect(response, seen, other.url) : answer(response, 404),
    );
    const { code, stderr } = await runWith(conf(node.url), johndoe);
    expect(code).toBe(3);
    expect(stderr).toContain(`redirects to ${other.url}, which is not followed`);
    expect(stderr).toContain(`Kapacitor follows the redirect and would send its own credentials to ${other.url}`);
    expect(other.seen).toEqual([]);
  });

  it('cannot be dialled: exit 1, a fault of the file', async () => {
    for (const address of ['a:b:8091', 'http://meta:8091', ' meta:8091', '%41:8091']) {
      const ran = await runWith(conf('x').replace('"x"', `"${address}"`), [...johndoe, '-o', 'json']);
      expect(ran.code).toBe(1);
      expect(cases(ran)).toMatchObject([
        {
          explanation: { cause: 'bad-meta-addr' },
          metaRequests: [expect.anything()].slice(address === '%41:8091' ? 0 : 1),
        },
      ]);
    }
  });

  it('is never shown the account of --meta-...: that of the file goes to its meta-addr alone', async () => {
    const other = await serve((_, response) => answer(response, 200, { users: [] }));
    const { login } = await loginCluster();
    const meta = { KAPADMIN_META_URL: other.url, KAPADMIN_META_USERNAME: 'x', KAPADMIN_META_PASSWORD: 'y' };
    const env = { ...meta, PW: 'pw-johndoe' };
    expect((await login(johndoe, { env })).code).toBe(0);
    expect(other.seen).toEqual([]);
  });
});

describe('auth test of a hash that costs much', () => {
  const hash = `$2a$14$${'a'.repeat(53)}`;
  const document = { users: [{ name: 'johndoe', hash, permissions: { '': ['KapacitorAPI'] } }] };

  it('is computed, after a note of how long that takes', async () => {
    const node = await serve((_, response) => answer(response, 200, document));
    const { code, stdout, stderr } = await runWith(conf(node.url), johndoe.slice(0, -1));
    expect(code).toBe(1);
    expect(stdout).toContain('401 {"error":"authorization failed"');
    expect(stderr).toMatch(
      /^The stored hash has bcrypt cost 14: checking the password takes about \S+s\. .* Press Ctrl-C to cancel\.$/m,
    );
  });
});

describe('auth test of a configuration', () => {
  it('that the daemon refuses: exit 1, with its own words', async () => {
    const { code, stdout } = await runWith('[auth]\nenabled = true\n', johndoe);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'Kapacitor does not start with this configuration: create server: invalid configuration: auth: must provide a bcrypt cost >= 4, got 0',
    );
    const json = JSON.parse((await runWith('[http\n', [...johndoe, '-o', 'json'])).stdout) as { kapacitor: object };
    expect(json.kapacitor).toMatchObject({
      starts: false,
      message: expect.stringContaining('parse config: toml: line'),
    });
  });

  it('field tls-files-of-another-machine: goes on without TLS files that are not here, and says so', async () => {
    const { urls } = await loginCluster();
    const text = conf(urls[0] ?? '', ['  meta-ca = "/etc/kapacitor/none.pem"']);
    const { code, stdout, stderr } = await runWith(text, johndoe);
    expect(code).toBe(0);
    expect(stdout).toContain('allowed');
    expect(stderr).toBe(
      'warning: meta-ca "/etc/kapacitor/none.pem" was not checked: no such file or directory (on this machine, for ' +
        'this account). Kapacitor does not start if it cannot read the file either.\n',
    );
    const json = JSON.parse((await runWith(text, [...johndoe, '-o', 'json'])).stdout) as { kapacitor: object };
    expect(json.kapacitor).toMatchObject({
      starts: true,
      startCovers: ['http', 'auth'],
      unreadFiles: [{ key: 'meta-ca', path: '/etc/kapacitor/none.pem', why: 'no such file or directory' }],
    });
  });

  it('that cannot be read: exit 2, with its name', async () => {
    const folder = makeFolder();
    const { code, stderr } = await runLine(['auth', 'test', '--kapacitor-conf', `${folder}/no.conf`, ...johndoe], {
      env: { PW: 'x' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain(`--kapacitor-conf: cannot read ${folder}/no.conf: no such file`);
    const directory = await runLine(['auth', 'test', '--kapacitor-conf', folder, ...johndoe], { env: { PW: 'x' } });
    expect([directory.code, directory.stderr]).toEqual([2, expect.stringContaining('it is a directory')]);
  });

  it('of variables over the file, from a file or the shell', async () => {
    const { urls } = await loginCluster();
    const folder = makeFolder({
      'kapacitor.conf': conf(urls[0] ?? '').replace('changeit', 'wrong'),
      env: 'KAPACITOR_AUTH_META_PASSWORD=changeit\n',
    });
    const words = ['auth', 'test', '--kapacitor-conf', `${folder}/kapacitor.conf`, ...johndoe];
    const env = { PW: 'pw-johndoe' };
    expect((await runLine([...words, '--env-file', `${folder}/env`], { env })).code).toBe(0);
    expect((await runLine([...words, '--no-env'], { env })).code).toBe(1);
    const shell = { ...env, KAPACITOR_AUTH_META_PASSWORD: 'changeit' };
    expect((await runLine(words, { env: shell })).code).toBe(0);
  });

  it.each([
    ['[http]\n', 'auth-enabled is false'],
    ['[http]\nauth-enabled = true\n', 'noauth'],
  ])('that asks nobody is allowed, with an alarm: %j', async (text, warning) => {
    const { code, stdout } = await runWith(text, johndoe);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`warning: .*${warning}`));
  });

  it('that does not exist is assumed to be that of the connection', async () => {
    const { run } = await loginCluster();
    const { code, stdout } = await run(['auth', 'test', ...johndoe], { env: { PW: 'pw-johndoe' } });
    expect(code).toBe(0);
    expect(stdout).toContain(
      'No kapacitor.conf found: assuming authentication on, cache-expiration 10m and the meta node and account that kapadmin uses',
    );
  });
});

describe('auth test of a meta node that speaks plain HTTP', () => {
  it('names the key that says TLS, and the variable and its file where one sets it', async () => {
    const { urls } = await loginCluster();
    const tls = conf(urls[0] ?? '', ['  meta-use-tls = true']);
    const folder = makeFolder({ 'kapacitor.conf': tls, env: 'KAPACITOR_AUTH_META_USE_TLS=true\n' });
    const words = ['auth', 'test', '--kapacitor-conf', `${folder}/kapacitor.conf`, ...johndoe];
    const ofFile = await runLine([...words, '--no-env'], { env: { PW: 'x' } });
    expect(ofFile.code).toBe(3);
    expect(ofFile.stdout).toContain('speaks plain HTTP, but Kapacitor uses TLS\n');
    expect(ofFile.stdout).toMatch(/in \S+kapacitor\.conf: meta-use-tls = false\n/);
    const ofVariable = await runLine([...words, '--env-file', `${folder}/env`], { env: { PW: 'x' } });
    expect(ofVariable.stdout).toMatch(/in \S+env: KAPACITOR_AUTH_META_USE_TLS=false\n/);
  });
});

describe('auth test --show-request', () => {
  it('prints each request with its secrets out', async () => {
    const { login, urls } = await loginCluster();
    const { stderr } = await login([...johndoe, '--show-request']);
    expect(stderr).toBe(`curl -H 'Authorization: ***' '${urls[0]}/user?name=johndoe'\n`);
  });
});
