import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { makeFolder } from '../folder.js';
import { sandbox } from '../sandbox/running.js';
import { confFor, frontWith, look, person, type Looked } from './doctor.js';

/** What is found of a Kapacitor with these lines in its file, beside a healthy node. */
async function found(
  auth: readonly string[],
  http: readonly string[] = [],
  options: SandboxOptions = {},
): Promise<Looked> {
  const account = ['meta-username = "admin"', 'meta-password = "changeit"'];
  const front = frontWith(confFor('http://127.0.0.1:8091', [...account, ...auth], http));
  const running = await sandbox(options, { kapacitor: front });
  return look(running.urls, { words: ['--kapacitor', running.kapacitorUrl ?? ''] });
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('doctor --kapacitor', () => {
  it('finds nothing wrong with one that asks and checks, and names its version', async () => {
    const { code, ids, told } = await found([]);
    expect({ code, ids }).toEqual({ code: 0, ids: [] });
    expect(told.ok.at(-1)).toMatch(/^Kapacitor 1\.8\.\d at 127\.0\.0\.1:\d+ requires credentials and checks them$/);
  });

  it('field http-to-https-kapacitor: names the port that speaks TLS with https', async () => {
    const server = createServer((_, response) => {
      response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n');
    });
    servers.push(server);
    await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
    const { port } = server.address() as AddressInfo;
    const { urls } = await sandbox({});
    const { ids, told } = await look(urls, { words: ['--kapacitor', `http://127.0.0.1:${port}`] });
    expect(ids).toEqual(['kapacitor-scheme']);
    expect(told.findings[0]?.fixes[0]?.setting).toBe(`--kapacitor https://127.0.0.1:${port}`);
  });

  it('finds one without authentication', async () => {
    const running = await sandbox({}, { kapacitor: frontWith('[http]\nauth-enabled = false\n') });
    const { told } = await look(running.urls, { words: ['--kapacitor', running.kapacitorUrl ?? ''] });
    expect(told.findings).toMatchObject([{ id: 'kapacitor-open', fixes: [{ setting: 'auth-enabled = true' }] }]);
    expect(told.unchecked.map(({ id }) => id)).toContain('kapacitor-noauth');
  });

  it('sees noauth from outside, by a nonexistent name', async () => {
    const text = '[http]\nauth-enabled = true\nshared-secret = "x"\n[auth]\nenabled = false\n';
    const running = await sandbox({}, { kapacitor: frontWith(text) });
    const { ids, told } = await look(running.urls, { words: ['--kapacitor', running.kapacitorUrl ?? ''] });
    expect(ids).toEqual(['kapacitor-noauth']);
    expect(told.findings[0]?.fixes[0]?.setting).toBe('enabled = true');
  });

  it('sees an empty shared-secret without being anybody', async () => {
    const text = confFor('http://127.0.0.1:8091').replace(/^shared-secret.*$/m, '');
    const running = await sandbox({}, { kapacitor: frontWith(text) });
    expect((await look(running.urls, { words: ['--kapacitor', running.kapacitorUrl ?? ''] })).ids).toEqual([
      'kapacitor-empty-secret',
    ]);
  });

  it('sees open pages of pprof', async () => {
    expect((await found([], ['pprof-enabled = true'])).ids).toEqual(['kapacitor-pprof']);
  });

  it('sees no version in the answers of something else, and one that is too old', async () => {
    const answers = [{}, { 'x-kapacitor-version': '1.5.8' }];
    const server = createServer((_, response) => response.writeHead(401, answers[0]).end());
    servers.push(server);
    await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { urls } = await sandbox();
    expect((await look(urls, { words: ['--kapacitor', url] })).ids).toEqual(['kapacitor-strange']);
    answers.shift();
    expect((await look(urls, { words: ['--kapacitor', url] })).ids).toEqual(['kapacitor-old']);
  });

  describe('verdict 11: a file that the daemon does not run', () => {
    const good = confFor('http://127.0.0.1:8091', ['meta-username = "admin"', 'meta-password = "changeit"']);

    it.each([
      [
        'kapacitor-pprof',
        good.replace('[auth]', 'pprof-enabled = true\n[auth]'),
        'pprof-enabled = false, but it is on in the daemon',
      ],
      [
        'kapacitor-noauth',
        good.replace('enabled = true\nbcrypt', 'enabled = false\nbcrypt'),
        '[auth] enabled = true, but the daemon accepts any user',
      ],
      ['kapacitor-empty-secret', good.replace(/^shared-secret.*$/m, ''), 'a shared-secret, but the daemon has none'],
      [
        'kapacitor-open',
        good.replace('auth-enabled = true', 'auth-enabled = false'),
        'auth-enabled = true, but the daemon requires no credentials',
      ],
    ])('is told in place of a fix of that file: %s', async (id, running, difference) => {
      const { urls, kapacitorUrl } = await sandbox({}, { kapacitor: frontWith(running) });
      const cwd = makeFolder({ 'good.conf': good });
      const words = ['--kapacitor', kapacitorUrl ?? '', '--kapacitor-conf', 'good.conf'];
      const { code, told } = await look(urls, { cwd, words });
      expect(code).toBe(1);
      const found = new Map(told.findings.map((one) => [one.id, one]));
      expect(found.get('kapacitor-other-configuration')?.fact).toContain(
        'The daemon does not run this configuration: ',
      );
      expect(found.get('kapacitor-other-configuration')?.fact).toContain(`good.conf has ${difference}.`);
      expect(found.get(id)?.fixes.map(({ setting }) => setting)).toEqual([
        'restart Kapacitor',
        '--kapacitor-conf FILE',
      ]);
      expect(JSON.stringify(told)).not.toContain('config fix');
    });

    it('is reported for a daemon that is better than its file', async () => {
      const { urls, kapacitorUrl } = await sandbox({}, { kapacitor: frontWith(good) });
      const cwd = makeFolder({ 'bad.conf': good.replace('auth-enabled = true', 'auth-enabled = false') });
      const { ids, told } = await look(urls, {
        cwd,
        words: ['--kapacitor', kapacitorUrl ?? '', '--kapacitor-conf', 'bad.conf'],
      });
      expect(ids).toEqual(['kapacitor-other-configuration']);
      expect(told.findings[0]?.fact).toContain('auth-enabled = false, but the daemon requires credentials');
    });

    it('is not reported where it runs that file', async () => {
      const running = good.replace('[auth]', 'pprof-enabled = true\n[auth]');
      const { urls, kapacitorUrl } = await sandbox({}, { kapacitor: frontWith(running) });
      const cwd = makeFolder({ 'same.conf': running });
      const words = ['--kapacitor', kapacitorUrl ?? '', '--kapacitor-conf', 'same.conf'];
      const { told } = await look(urls, { cwd, words });
      expect(told.findings.find(({ id }) => id === 'kapacitor-pprof')?.fixes).toMatchObject([
        { setting: 'pprof-enabled = false' },
      ]);
      expect(told.findings.map(({ id }) => id)).not.toContain('kapacitor-other-configuration');
    });
  });

  it('says when the version that runs is not the one that is assumed, by flag, variable or default', async () => {
    const headers = { 'x-kapacitor-version': '1.6.4' };
    const server = createServer((_, response) => response.writeHead(401, headers).end());
    servers.push(server);
    await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
    const words = ['--kapacitor', `http://127.0.0.1:${(server.address() as AddressInfo).port}`];
    const { urls } = await sandbox();
    const { ids, told, code } = await look(urls, { words });
    expect({ code, ids }).toEqual({ code: 0, ids: ['kapacitor-version'] });
    expect(told.findings[0]).toMatchObject({
      severity: 'info',
      fact: 'Kapacitor runs 1.6.4, but the prediction assumes 1.8: use --kapacitor-version 1.6.4.',
      fixes: [{ setting: '--kapacitor-version 1.6.4' }, { setting: 'kapacitorVersion: "1.6.4"' }],
    });
    expect((await look(urls, { words: [...words, '--kapacitor-version', '1.6.3'] })).ids).toEqual([]);
    const env = { KAPADMIN_KAPACITOR_VERSION: '1.7' };
    expect((await look(urls, { words, env })).told.findings[0]?.fact).toContain('the prediction assumes 1.7.7');
    headers['x-kapacitor-version'] = '2.0.0';
    expect((await look(urls, { words })).told.findings[0]?.fact).toBe(
      'Kapacitor 2.0.0 is unknown to kapadmin; the prediction assumes 1.8.',
    );
  });

  it('looks at its certificate, too, and trusts the CA of the meta nodes beside those of the system', async () => {
    const pem = (name: string) => path.join(import.meta.dirname, '../meta/fixtures', name);
    const https = ['https-enabled = true', `https-certificate = "${pem('server.pem')}"`];
    const text = confFor('http://127.0.0.1:8091', [], [...https, `https-private-key = "${pem('server.key')}"`]);
    const running = await sandbox({}, { kapacitor: frontWith(text) });
    const words = ['--kapacitor', running.kapacitorUrl ?? ''];
    expect((await look(running.urls, { words: [...words, '--meta-ca', pem('ca.pem')] })).ids).toEqual([]);
    const { told } = await look(running.urls, { words });
    expect(told.findings).toMatchObject([{ id: 'certificate-untrusted', place: { url: running.kapacitorUrl } }]);
  });

  it('says that none answers, and takes no credentials out of the URL', async () => {
    const { urls } = await sandbox();
    const { ids, stderr, told } = await look(urls, { words: ['--kapacitor', 'http://joe:s3cretword@127.0.0.1:9/'] });
    expect(ids).toEqual(['kapacitor-unreachable']);
    expect(stderr).toContain('the credentials in --kapacitor are ignored');
    expect(JSON.stringify(told) + stderr).not.toContain('s3cretword');
  });
});

interface Lookup {
  readonly auth?: readonly string[];
  readonly options?: SandboxOptions;
  /** In place of the address of the node. */
  readonly addr?: string;
}

/** What is found of Kapacitor's own account, as a file in the home has it. */
async function lookedUp({ auth = [], options = {}, addr }: Lookup): Promise<Looked> {
  const running = await sandbox(options);
  const text = confFor(running.url, auth);
  const conf = addr === undefined ? text : text.replace(/^meta-addr.*$/m, `meta-addr = "${addr}"`);
  const home = makeFolder({ '.kapacitor/kapacitor.conf': conf });
  return look(running.urls, { home, words: running.caPath === undefined ? [] : ['--meta-ca', running.caPath] });
}

const seed = { users: [person('kap', { '': ['CreateUserAndRole'] }), person('weak')], roles: [] };
const kap = ['meta-username = "kap"', 'meta-password = "pw-kap"'];

describe("doctor on Kapacitor's own account", () => {
  it('finds nothing wrong with one that may read users', async () => {
    const { ids, told } = await lookedUp({ auth: kap, options: { seed } });
    expect(ids).toEqual([]);
    expect(told.ok.at(-1)).toMatch(/^Kapacitor looks up users at 127\.0\.0\.1:\d+ with the account kap$/);
  });

  it.each([
    [
      'a wrong password',
      ['meta-username = "kap"', 'meta-password = "s3cretword"'],
      ['kapadmin user passwd kap --generate', 'meta-password = "THE PASSWORD THAT IT PRINTED"'],
    ],
    [
      'an unknown name',
      ['meta-username = "none"', 'meta-password = "s3cretword"'],
      [
        'kapadmin user create none --generate --grant CreateUserAndRole',
        'meta-password = "THE PASSWORD THAT IT PRINTED"',
      ],
    ],
    [
      'no rights',
      ['meta-username = "weak"', 'meta-password = "pw-weak"'],
      ['kapadmin user grant weak CreateUserAndRole'],
    ],
    [
      'a secret that is not that of the node',
      ['meta-internal-shared-secret = "s3cretword"'],
      ['meta-internal-shared-secret = "THE internal-shared-secret OF THE META NODES"'],
    ],
  ])('finds %s, and what fixes it', async (_, auth, fixes) => {
    const { code, told } = await lookedUp({ auth, options: { seed } });
    expect(code).toBe(1);
    const [found] = told.findings;
    expect(found?.id).toBe('kapacitor-account');
    expect(found?.fixes.map(({ command, setting }) => command ?? setting)).toEqual(fixes);
    expect(JSON.stringify(told)).not.toContain('s3cretword');
  });

  it('takes the internal secret of the node', async () => {
    const internalSharedSecret = new Secret('internal');
    const auth = ['meta-internal-shared-secret = "internal"'];
    expect((await lookedUp({ auth, options: { internalSharedSecret } })).ids).toEqual([]);
  });

  it.each([' 127.0.0.1:8091:8091', 'http://127.0.0.1:8091', '127.0.0.1:9'])(
    'finds the address "%s", and one that answers',
    async (addr) => {
      const { told } = await lookedUp({ auth: kap, options: { seed }, addr });
      expect(told.findings).toMatchObject([
        {
          id: 'kapacitor-account',
          fixes: [{ setting: expect.stringMatching(/^meta-addr = "127\.0\.0\.1:\d{4,5}"$/) }],
        },
      ]);
    },
  );

  it('finds TLS that is not used, and TLS without the CA', async () => {
    const options = { seed, tls: {} };
    const off = await lookedUp({ auth: kap, options });
    expect(off.told.findings[0]?.fixes.map(({ setting }) => setting)).toEqual([
      'meta-use-tls = true',
      expect.stringMatching(/^meta-ca = "\/.*ca\.pem"$/),
    ]);
    const unknown = await lookedUp({ auth: [...kap, 'meta-use-tls = true'], options });
    expect(unknown.told.findings[0]?.fact).toContain('TLS with the meta node');
    expect(unknown.told.findings[0]?.fixes.map(({ setting }) => setting)).toEqual([
      expect.stringMatching(/^meta-ca = /),
    ]);
  });

  it('says that the daemon would not start, in its own words', async () => {
    const { told } = await lookedUp({ auth: ['meta-use-tls = "yes"'] });
    expect(told.findings).toMatchObject([
      {
        id: 'kapacitor-does-not-start',
        fact: expect.stringContaining('incompatible types'),
        fixes: [{ command: expect.stringMatching(/^kapadmin config check \/.*kapacitor\.conf$/) }],
      },
    ]);
  });

  it('does not show a password that stands where the name belongs', async () => {
    const auth = ['meta-username = "S3cret-w0rd!longer"', 'meta-password = "kapacitor"'];
    const { told } = await lookedUp({ auth, options: { seed } });
    expect(told.findings[0]?.id).toBe('kapacitor-account');
    expect(JSON.stringify(told)).not.toContain('S3cret-w0rd');
  });

  it('names a file that was asked for and cannot be read', async () => {
    const { urls } = await sandbox();
    await expect(look(urls, { words: ['--kapacitor-conf', 'none.conf'] })).rejects.toThrow('JSON');
  });
});
