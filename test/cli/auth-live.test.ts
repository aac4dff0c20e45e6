import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { deadUrl, serve } from '../meta/server.js';
import { runLine } from '../run.js';
import { conf, kapacitorOf, loginCluster, type LoginCluster } from './login.js';

const account = ['--user', 'johndoe', '--password-env', 'PW'];

async function both(): Promise<{ kapacitor: string } & LoginCluster> {
  const made = await loginCluster();
  return { ...made, kapacitor: await kapacitorOf(made, conf(made.urls[0] ?? '')) };
}

interface Live {
  readonly live?: { readonly status: number; readonly agrees: boolean; readonly reasons: readonly string[] };
}

function lives(stdout: string): readonly (Live['live'] | undefined)[] {
  return (JSON.parse(stdout) as { requests: readonly Live[] }).requests.map((one) => one.live);
}

describe('auth test --live', () => {
  it.each([
    ['/kapacitor/v1/tasks', [], 0, '200 (as predicted)'],
    ['/kapacitor/v1/config', [], 1, '"/kapacitor/v1/config" (as predicted)'],
    ['/kapacitor//v1/tasks', [], 1, '301 (as predicted)'],
    ['/%zz', [], 1, '400 Bad Request (as predicted)'],
    ['/kapacitor/v1/ping', ['--method', 'HEAD'], 0, '204 (as predicted)'],
    ['/x', ['--method', 'OPTIONS'], 0, '200 (as predicted)'],
    ['/write?db=x', ['--method', 'POST', '--live-any-method'], 1, 'write to database "x" (as predicted)'],
    ['/x', ['--method', 'TRACE', '--live-any-method'], 1, '404 Not Found (as predicted)'],
  ])('of %s %j shows that both say the same: exit %i', async (path, words, code, told) => {
    const { login, kapacitor } = await both();
    const ran = await login(['--url', kapacitor + path, ...account, '--live', ...words]);
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout.trim().split('\n').at(-1)).toMatch(/^Kapacitor responded: /);
    expect(ran.stdout).toContain(told);
  });

  it('shows where they differ, and why that may be: exit 1', async () => {
    const { login, urls } = await loginCluster();
    const open = await kapacitorOf({ urls } as LoginCluster, '[http]\nauth-enabled = false\n');
    const ran = await login(['--url', `${open}/kapacitor/v1/config`, ...account, '--live']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('Kapacitor responded: 200 (differs from the prediction)');
    expect(ran.stdout).toMatch(
      /\nThe live response differs\. Possible reasons:\n(?: {2}- .*\n)*? {2}- it runs with a configuration other than .*kapacitor\.conf/,
    );
    const allowed = await login(['--url', `${open}/kapacitor/v1/tasks`, ...account, '--live', '-o', 'json']);
    expect([allowed.code, lives(allowed.stdout)[0]?.agrees]).toEqual([0, true]);
  });

  it('of a user whom a cache still holds gets the flush as its fix, and no change of the cluster', async () => {
    const { login, run, kapacitor } = await both();
    const words = ['--url', `${kapacitor}/kapacitor/v1/tasks`, ...account, '--live'];
    expect((await login(words)).code).toBe(0);
    expect((await run(['user', 'delete', 'johndoe', '--yes'])).code).toBe(0);
    const gone = await login(words);
    expect(gone.code).toBe(1);
    expect(gone.stdout).toContain('200 (differs from the prediction)');
    expect(gone.stdout).toContain('created (for up to 5m)');
    expect(gone.stdout).toContain(
      'To make Kapacitor forget what it cached of this user: kapadmin auth flush johndoe --kapacitor URL',
    );
    expect(gone.stdout).not.toContain('user create');
  });

  it('is exit 1 where a login that is predicted to work does not', async () => {
    const proxy = await serve((_, response) => void response.writeHead(401, { server: 'gate' }).end('no'));
    const { login } = await loginCluster();
    const ran = await login(['--url', `${proxy.url}/kapacitor/v1/tasks`, ...account, '--live', '-o', 'json']);
    expect(ran.code).toBe(1);
    expect(lives(ran.stdout)[0]).toMatchObject({ status: 401, agrees: false });
    expect(lives(ran.stdout)[0]?.reasons[0]).toContain(
      'has no X-Kapacitor-Version header: it came from a proxy (gate)',
    );
  });

  it("sends the user's own credentials to that host alone, and follows no redirect", async () => {
    const other = await serve((_, response) => void response.end());
    const first = await serve(
      (seen, response) =>
        void response.writeHead(302, { location: other.url + seen.url, 'x-kapacitor-version': '1' }).end(),
    );
    const { login } = await loginCluster();
    const ran = await login(['--url', `${first.url}/kapacitor/v1/tasks`, ...account, '--live', '-o', 'json']);
    expect([ran.code, lives(ran.stdout)[0]?.status]).toEqual([1, 302]);
    expect(first.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('johndoe:pw-johndoe').toString('base64')}`);
    expect(other.seen).toEqual([]);
  });

  it('warns where the Kapacitor that responds is of another release than was assumed, on a 401 too', async () => {
    const old = await serve((_, response) => {
      const text = 'unable to parse authentication credentials';
      response.writeHead(401, { 'x-kapacitor-version': '1.6.2' }).end(JSON.stringify({ error: text, message: text }));
    });
    const { login } = await loginCluster();
    const { code, stdout } = await login(['--url', `${old.url}/kapacitor/v1/tasks`, '--live']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Simulated Kapacitor 1\.8 \(assumed\): {2}GET/);
    expect(stdout).toMatch(
      /\(as predicted\)\nwarning: Kapacitor runs 1\.6\.2, but the prediction assumes 1\.8: use --kapacitor-version 1\.6\.2\n/,
    );
  });

  it('does not call a response predicted where the prediction is unknown', async () => {
    const { kapacitor, urls } = await both();
    const wrong = ['--meta-url', urls[0] ?? '', '--meta-username', 'admin', '--no-env'];
    const ran = await runLine(
      ['auth', 'test', '--url', `${kapacitor}/kapacitor/v1/tasks`, ...account, '--live', ...wrong],
      {
        env: { PW: 'not the password', KAPADMIN_META_PASSWORD: 'not the password' },
      },
    );
    expect(ran.code).toBe(4);
    expect(ran.stdout).toContain('Kapacitor responded: 401 authorization failed (the prediction is unknown)');
  });

  it('without an answer is exit 3, after what is predicted', async () => {
    const { login } = await loginCluster();
    const { code, stdout, stderr } = await login([
      '--url',
      `${await deadUrl()}/kapacitor/v1/tasks`,
      ...account,
      '--live',
    ]);
    expect(code).toBe(3);
    expect(stdout).toContain('allowed');
    expect(stderr).toMatch(/^error: no response from Kapacitor at http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  it('is a failed case of the JUnit report where Kapacitor does not respond: exit 3', async () => {
    const { login } = await loginCluster();
    const url = `${await deadUrl()}/kapacitor/v1/tasks`;
    const { code, stdout } = await login(['--url', url, ...account, '--live', '-o', 'junit']);
    expect(code).toBe(3);
    expect(stdout).toContain('tests="3" failures="1"');
    expect(stdout).toMatch(
      /<testcase [^>]*name="Kapacitor responds"[^>]*><failure message="no response from Kapacitor at /,
    );
  });

  it('of the standard endpoints sends those that change nothing', async () => {
    const { login, kapacitor } = await both();
    const { code, stdout } = await login(['--url', kapacitor, ...account, '--live']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Simulated Kapacitor 1\.8\.\d+\. /);
    expect(stdout).toMatch(/GET +\/kapacitor\/v1\/tasks .*200 agrees/);
    expect(stdout).toMatch(/DELETE +\/kapacitor\/v1\/tasks\/ID .*not sent/);
    expect(stdout).not.toContain('differs');
  });

  it('prints its request with the secrets out', async () => {
    const { login, kapacitor } = await both();
    const { stderr } = await login(['--url', `${kapacitor}/a?u=johndoe&p=pw-johndoe`, '--live', '--show-request']);
    expect(stderr).toContain(`curl --path-as-is -X GET '${kapacitor}/a?u=johndoe&p=***'\n`);
    expect(stderr).not.toContain('pw-johndoe');
  });
});

describe('auth test --record', () => {
  it.each(['yaml', 'json'])('writes a scenario that replays it, for its owner alone: %s', async (form) => {
    const { login } = await loginCluster();
    const file = `${makeFolder()}/my-login.${form}`;
    const words = ['--url', 'http://k:9092/kapacitor/v1/config', ...account, '--at', '0s,6m', '--record', file];
    const ran = await login(words);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe(`Recorded in ${file}; passwords, hashes and tokens are replaced by placeholders.\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toMatch(/pw-johndoe|changeit/);
    expect(text).toContain('right-password');
    const replayed = await runLine(['auth', 'test', '--scenario', file]);
    expect(replayed).toMatchObject({ code: 0, stdout: ' ✔ my-login (Kapacitor 1.8)\n1 passed, 0 failed\n' });
  });

  it('verdict 33: keeps what Kapacitor responded where it differs, and the replay fails', async () => {
    const { login, urls } = await loginCluster();
    const open = await kapacitorOf({ urls } as LoginCluster, '[http]\nauth-enabled = false\n');
    const file = `${makeFolder()}/r.yaml`;
    const url = `${open}/kapacitor/v1/config`;
    const ran = await login(['--url', url, ...account, '--live', '--record', file]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('The live response (200) differs from the prediction, so the replay will fail');
    const replayed = await runLine(['auth', 'test', '--scenario', file]);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toMatch(/verdict\n +expected +"allow"\n +actual +"deny"/);
    const agreeing = await kapacitorOf({ urls } as LoginCluster, conf(urls[0] ?? ''));
    await login(['--url', `${agreeing}/kapacitor/v1/config`, ...account, '--live', '--record', file]);
    expect(await runLine(['auth', 'test', '--scenario', file])).toMatchObject({ code: 0 });
  });

  it('records nothing where Kapacitor does not start, and says so', async () => {
    const folder = makeFolder({ 'kapacitor.conf': '[http\n' });
    const words = ['auth', 'test', '--kapacitor-conf', `${folder}/kapacitor.conf`, '--url', 'http://k/x'];
    const { code, stderr } = await runLine([...words, '--record', `${folder}/r.yaml`]);
    expect(code).toBe(1);
    expect(stderr).toContain('nothing was recorded');
    expect(() => statSync(`${folder}/r.yaml`)).toThrow('ENOENT');
  });
});
