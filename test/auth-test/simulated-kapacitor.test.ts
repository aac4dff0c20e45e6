import { describe, expect, it } from 'vitest';
import { parseKapacitorVersion } from '../../src/model/kapacitor-versions.js';
import { readSimulatedKapacitor, type SimulatedKapacitor } from '../../src/auth-test/simulated-kapacitor.js';
import { Secret } from '../../src/model/secret.js';
import type { Settings } from '../../src/settings/settings.js';
import { makeTestContext, type TestOptions } from '../context.js';
import { makeFolder } from '../folder.js';
import { pem } from '../meta/server.js';

const basic = { kind: 'basic', username: 'admin', password: new Secret('changeit') } as const;

function connection(parts: Partial<Settings> = {}): Settings {
  const limits = { connectTimeout: 1, timeout: 1, wait: 0, retries: 0, maxBody: 1 };
  const rest = {
    tls: {},
    tlsFiles: {},
    proxy: {},
    limits,
    readLeader: false,
    profile: undefined,
    clusterProfile: undefined,
    passwordSource: undefined,
    rolesInUserRecords: 'unknown' as const,
    kapacitorVersion: undefined,
  };
  return { nodes: ['https://meta:8091'], credentials: basic, ...rest, ...parts };
}

function target(
  text: string | undefined,
  options: TestOptions = {},
  parts: Partial<Settings> = {},
): Promise<SimulatedKapacitor> {
  const file = text === undefined ? {} : { kapacitorConf: `${makeFolder({ 'k.conf': text })}/k.conf` };
  return readSimulatedKapacitor(file, makeTestContext(options), () => Promise.resolve(connection(parts)));
}

const on = '[http]\nauth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 4\nmeta-addr = "m:1"\n';

describe('the daemon that a login test is about', () => {
  it('is that of a kapacitor.conf, and the connection is not asked for', async () => {
    const folder = makeFolder({ 'k.conf': `${on}meta-use-tls = true\n` });
    const never = (): Promise<Settings> => Promise.reject(new Error('asked for'));
    const found = await readSimulatedKapacitor({ kapacitorConf: `${folder}/k.conf` }, makeTestContext(), never);
    expect(found).toMatchObject({
      conf: `${folder}/k.conf`,
      environment: undefined,
      assumed: undefined,
      refusal: undefined,
      settings: { users: 'meta', metaAddr: 'm:1', metaUseTls: true, metaUsername: '' },
    });
  });

  it('is that of variables alone where there is no file', async () => {
    const env = { KAPACITOR_HTTP_AUTH_ENABLED: 'true', KAPACITOR_AUTH_META_ADDR: 'x:2' };
    expect(await target(undefined, { env })).toMatchObject({
      conf: undefined,
      environment: 'the shell',
      assumed: undefined,
      settings: { authEnabled: true, users: 'noauth', metaAddr: 'x:2' },
    });
  });

  it('is assumed to use node and account of the connection where there is neither', async () => {
    expect(await target(undefined)).toMatchObject({
      conf: undefined,
      environment: undefined,
      assumed: expect.stringContaining('cache-expiration 10m'),
      configuration: undefined,
      settings: {
        authEnabled: true,
        users: 'meta',
        cacheExpiration: 600e9,
        metaAddr: 'meta:8091',
        metaUseTls: true,
        metaUsername: 'admin',
        metaPassword: 'changeit',
        metaSecret: '',
      },
    });
    const bearer = { kind: 'bearer', username: '', secret: new Secret('s') } as const;
    expect((await target(undefined, {}, { credentials: bearer })).settings).toMatchObject({
      metaUsername: '',
      metaSecret: 's',
    });
    const old = { version: parseKapacitorVersion('1.6.5') };
    const withSecret = () => Promise.resolve(connection({ credentials: bearer }));
    expect(await readSimulatedKapacitor(old, makeTestContext(), withSecret)).toMatchObject({
      settings: { metaUsername: '', metaSecret: '' },
      assumed: expect.stringContaining('this release has no meta-internal-shared-secret'),
    });
    const none = { credentials: { kind: 'none' } as const, nodes: ['http://[::1]:8091'] };
    expect((await target(undefined, {}, none)).settings).toMatchObject({
      metaUsername: '',
      metaSecret: '',
      metaAddr: '[::1]:8091',
      metaUseTls: false,
    });
  });

  it('does not start with what it refuses', async () => {
    expect((await target('[http\n')).refusal).toContain('parse config: toml: line');
    expect((await target('[auth]\nenabled = true\n')).refusal).toContain('must provide a bcrypt cost');
    expect((await target(`${on}meta-cert = "/none.pem"\n`)).refusal).toContain('only cert file provided');
  });
});

describe('the certificates of its meta node', () => {
  const files = makeFolder({ 'ca.pem': pem.ca, 'c.pem': pem.client.cert, 'c.key': pem.client.key });
  const given = `meta-ca = "${files}/ca.pem"\nmeta-cert = "${files}/c.pem"\nmeta-key = "${files}/c.key"\n`;

  it('are read as the daemon reads them', async () => {
    const { tls, refusal } = await target(on + given);
    expect([refusal, tls]).toEqual([undefined, { ca: pem.ca, cert: pem.client.cert, key: pem.client.key }]);
    expect((await target(on)).tls).toEqual({ ca: undefined, cert: undefined, key: undefined });
  });

  it('field tls-files-of-another-machine: are left out where they cannot be read here, and the daemon may start', async () => {
    const { tls, refusal, unreadFiles } = await target(`${on}meta-ca = "/none.pem"\n`);
    expect([refusal, tls.ca]).toEqual([undefined, undefined]);
    expect(unreadFiles).toEqual([{ key: 'meta-ca', path: '/none.pem', why: 'no such file or directory' }]);
    const half = given.replace(`${files}/c.key`, '/none.key');
    expect((await target(on + half)).tls).toEqual({ ca: pem.ca, cert: undefined, key: undefined });
  });

  it('are none at all where it skips the check, its own included', async () => {
    const { tls } = await target(`${on}${given}meta-insecure-skip-verify = true\n`);
    expect(tls).toEqual({ insecureSkipVerify: true });
  });
});
