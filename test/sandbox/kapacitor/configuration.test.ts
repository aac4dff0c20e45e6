import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { KapadminError } from '../../../src/errors.js';
import { files } from '../../../src/files/files.js';
import { Secret } from '../../../src/model/secret.js';
import { parseKapacitorVersion } from '../../../src/model/kapacitor-versions.js';
import { readDaemonFile } from '../../../src/settings/locate-kapacitor-conf.js';
import { makeThrowawayTls } from '../../../src/sandbox/tls.js';
import {
  configurationFrom,
  type MetaSide,
  defaultConfiguration,
} from '../../../src/sandbox/kapacitor/configuration.js';
import { startKapacitor } from '../../../src/sandbox/kapacitor/server.js';
import { overHttp } from '../meta-node/over-http.js';
import { sandbox } from '../running.js';

const read = (file: string) => readDaemonFile(files, file);

const meta: MetaSide = {
  url: 'http://127.0.0.1:18091',
  account: { username: 'admin', password: new Secret('changeit') },
  internalSharedSecret: undefined,
  caPath: undefined,
  clientCertPath: undefined,
  clientKeyPath: undefined,
  isPortFree: false,
  bcryptCost: 4,
};

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function written(name: string, content: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'front-'));
  folders.push(folder);
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

const conf = (text: string) => ({ path: '/etc/k.conf', bytes: Buffer.from(text) });
const from = (text: string, side: Partial<MetaSide> = {}) => configurationFrom(conf(text), { ...meta, ...side }, read);
const enabled = (more: string): string =>
  `[http]\nauth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 4\n${more}`;

async function refusalOf(text: string): Promise<string> {
  const error: unknown = await from(text).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(KapadminError);
  expect(error).toMatchObject({ kind: 'usage', code: 'kapacitor-refuses' });
  return (error as Error).message.replace('Kapacitor does not start with /etc/k.conf: ', '');
}

describe('without a kapacitor.conf', () => {
  it('Kapacitor authenticates against the meta node with its account', async () => {
    const { settings, port, tls } = await defaultConfiguration(meta, read);
    expect(settings).toMatchObject({
      authEnabled: true,
      users: 'meta',
      cacheExpiration: 600e9,
      bcryptCost: 4,
      metaAddr: '127.0.0.1:18091',
      metaUseTls: false,
      metaUsername: 'admin',
      metaPassword: 'changeit',
      metaSecret: '',
    });
    expect([port, tls]).toEqual([9092, undefined]);
  });
});

describe('without a kapacitor.conf, and with a secret instead of an account', () => {
  const secret = { ...meta, account: null, internalSharedSecret: new Secret('internal') };

  it.each([
    ['1.6.5', ''],
    ['1.6.6', 'internal'],
    ['1.8', 'internal'],
  ])('Kapacitor %s uses the secret "%s"', async (version, metaSecret) => {
    const { settings } = await defaultConfiguration(secret, read, parseKapacitorVersion(version));
    expect(settings).toMatchObject({ metaUsername: '', metaSecret });
  });
});

describe('a kapacitor.conf', () => {
  it.each([
    ['[http\n', 'parse config: toml: line '],
    [
      '[http]\nauth-enabled = "yes"\n',
      'parse config: toml: line 2 (last key "http.auth-enabled"): incompatible types: ',
    ],
    [
      '[auth]\nenabled = true\n',
      'create server: invalid configuration: auth: must provide a bcrypt cost >= 4, got 0. ',
    ],
    [
      enabled('meta-addr = "127.0.0.1:8091"\nmeta-ca = "/nowhere/ca.pem"\n'),
      'create server: could not create TLS config for connecting to meta service: Could not load TLS CA: open /nowhere/ca.pem: no such file or directory',
    ],
    [
      '[http]\nhttps-enabled = true\nhttps-certificate = "/nowhere/k.pem"\n',
      'open server: open service *httpd.Service: open /nowhere/k.pem: no such file or directory',
    ],
  ])("that the daemon refuses is refused in the daemon's own words: %j", async (text, message) => {
    expect(await refusalOf(text)).toContain(message);
  });

  it('is read as the version reads it: 1.6 takes a Latin-1 comment, 1.8 does not', async () => {
    const latin = { path: '/etc/k.conf', bytes: Buffer.from('# caf\u00e9\n[http]\nauth-enabled = true\n', 'latin1') };
    const read16 = await configurationFrom(latin, meta, read, parseKapacitorVersion('1.6.5'));
    expect(read16.settings.authEnabled).toBe(true);
    await expect(configurationFrom(latin, meta, read)).rejects.toThrow('parse config');
  });

  it('keeps its secrets where the daemon would repeat them', async () => {
    const message = await refusalOf('[auth]\nmeta-password = hunter2hunter2\n');
    expect(message).toContain('parse config: toml: line 2');
    expect(message).not.toContain('hunter2');
  });

  it.each([
    ['127.0.0.1:8091', false, '127.0.0.1:8091'],
    ['localhost:8091', false, 'localhost:8091'],
    [':8091', false, ':8091'],
    ['127.0.0.1:8091', true, '127.0.0.1:18091'],
    ['meta.example.com:8091', false, '127.0.0.1:18091'],
    ['10.1.2.3:8091', true, '127.0.0.1:18091'],
    ['[2001:db8::1]:8091', false, '127.0.0.1:18091'],
    [' 172.17.0.2:8091:8091', true, ' 172.17.0.2:8091:8091'],
    ['http://127.0.0.1:8091', true, 'http://127.0.0.1:8091'],
    ['', true, ''],
  ])('with the meta-addr %j (free port: %j) asks %j', async (address, isPortFree, asked) => {
    const { settings } = await from(enabled(`meta-addr = "${address}"\n`), { isPortFree });
    expect(settings.metaAddr).toBe(asked);
  });

  it('says where it listens', async () => {
    expect((await from('')).port).toBe(9092);
    expect((await from('[http]\nbind-address = "127.0.0.1:9999"\n')).port).toBe(9999);
    expect((await from('[http]\nbind-address = ":"\n')).port).toBe(0);
  });

  it('says whom to trust: nobody in particular without TLS, everybody without verification', async () => {
    const { ca, server } = makeThrowawayTls(Date.now());
    const [caFile, pair] = [await written('ca.pem', ca), await written('pair.pem', server.cert + server.key)];
    const tls = `meta-addr = "127.0.0.1:8091"\nmeta-ca = "${caFile}"\nmeta-cert = "${pair}"\nmeta-key = "${pair}"\n`;
    const whole = { verify: true, ca, cert: server.cert + server.key, key: server.cert + server.key };
    expect((await from(enabled(`${tls}meta-use-tls = true\n`))).trust).toEqual(whole);
    expect((await from(enabled(tls))).trust).toEqual({ verify: true });
    expect((await from(enabled(`${tls}meta-insecure-skip-verify = true\n`))).trust).toEqual({ verify: false });
  });

  it('field http-to-https-kapacitor: may require HTTPS, and plain HTTP then gets an error that says so', async () => {
    const { server } = makeThrowawayTls(Date.now());
    const pair = await written('pair.pem', server.cert + server.key);
    const text = `[http]\nhttps-enabled = true\nhttps-certificate = "${pair}"\n`;
    const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
    const running = await startKapacitor({ conf: conf(text), port: 0 }, meta, { read, clock });
    try {
      expect(running.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
      const answer = await secureGet(`${running.url}/kapacitor/v1/tasks`);
      expect(answer).toBe(200);
      const plain = await overHttp(running.url.replace('https', 'http'), 'GET /kapacitor/v1/tasks');
      expect([plain.status, plain.body]).toEqual([400, 'Client sent an HTTP request to an HTTPS server.\n']);
    } finally {
      await running.close();
    }
  });

  it('that is refused ends the sandbox, and nothing stays open', async () => {
    const once = await sandbox();
    const port = Number(new URL(once.url).port);
    await once.close();
    const startServer = (side: MetaSide) =>
      startKapacitor({ conf: conf('[http\n'), port: 0 }, side, { read, clock: idle });
    await expect(sandbox({ port }, { kapacitor: startServer })).rejects.toThrow('parse config: toml: line');
    expect((await sandbox({ port })).url).toBe(once.url);
  });
});

const idle = { now: () => Date.now(), sleep: () => Promise.resolve() };

async function secureGet(url: string): Promise<number | undefined> {
  const { get } = await import('node:https');
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
}

describe('the port of Kapacitor', () => {
  it('is a free one beside a meta node on a free port, and the one that was asked for', async () => {
    const start = (port?: number) =>
      sandbox({}, { kapacitor: (side) => startKapacitor({ port }, side, { read, clock: idle }) });
    const first = await start();
    const taken = Number(new URL(first.kapacitorUrl ?? '').port);
    expect(taken).not.toBe(9092);
    await expect(start(taken)).rejects.toMatchObject({
      kind: 'usage',
      code: 'port-taken',
      message: `cannot listen on 127.0.0.1:${taken} for Kapacitor: the port is in use`,
    });
  });
});
