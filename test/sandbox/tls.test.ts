import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { certify, makeThrowawayTls } from '../../src/sandbox/tls.js';
import { existsSync } from 'node:fs';
import { connect } from 'node:tls';
import type { Sandbox } from '../../src/sandbox/options.js';
import { admin } from './meta-node/ask.js';
import { failure, overHttp } from './meta-node/over-http.js';
import { sandbox } from './running.js';

const run = promisify(execFile);
const now = Date.now();
const hour = 3600 * 1000;

/** What openssl says of certificates; undefined where this machine has none. */
async function openssl(args: string[], files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kapadmin-test-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
    const { stdout, stderr } = await run('openssl', args, { cwd: folder });
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return stdout === undefined ? undefined : stdout + stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a throw-away CA', () => {
  it('signs a server certificate for this machine and a client certificate', () => {
    const { ca, server, client } = makeThrowawayTls(now);
    const authority = new X509Certificate(ca);
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    for (const { cert } of [server, client]) {
      const certificate = new X509Certificate(cert);
      expect(certificate.ca).toBe(false);
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.checkIssued(authority)).toBe(true);
    }
    const certificate = new X509Certificate(server.cert);
    expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('example.org')).toBeUndefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(new X509Certificate(client.cert).keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  it('has keys and serial numbers of its own each time', () => {
    const [one, two] = [makeThrowawayTls(now), makeThrowawayTls(now)];
    expect(one.ca).not.toBe(two.ca);
    const serials = [one.ca, one.server.cert, one.client.cert, two.ca].map(
      (cert) => new X509Certificate(cert).serialNumber,
    );
    expect(new Set(serials).size).toBe(4);
    expect(new X509Certificate(two.server.cert).verify(new X509Certificate(one.ca).publicKey)).toBe(false);
  });

  it('is valid from a day ago for a month, its server as long as configured', () => {
    const { ca, server } = makeThrowawayTls(now, { from: now - 2 * hour, to: now - hour });
    const seconds = (text: string): number => Date.parse(text) / 1000;
    expect(seconds(new X509Certificate(ca).validTo)).toBe(Math.floor(now / 1000) + 30 * 24 * 3600);
    expect(seconds(new X509Certificate(server.cert).validTo)).toBe(Math.floor((now - hour) / 1000));
  });

  it('holds under the eyes of openssl, if it is there', async () => {
    const { ca, server, client } = makeThrowawayTls(now);
    const files = { 'ca.pem': ca, 'server.pem': server.cert, 'client.pem': client.cert };
    const verify = (purpose: string, file: string): Promise<string | undefined> =>
      openssl(['verify', '-x509_strict', '-CAfile', 'ca.pem', '-purpose', purpose, file], files);
    const said = [await verify('sslserver', 'server.pem'), await verify('sslclient', 'client.pem')];
    expect([undefined, 'server.pem: OK\n']).toContain(said[0]);
    expect([undefined, 'client.pem: OK\n']).toContain(said[1]);
    const wrong = await verify('sslserver', 'client.pem');
    expect(wrong ?? 'unsuitable certificate purpose').toContain('unsuitable certificate purpose');
  });
});

describe('a certificate', () => {
  it('may be valid beyond 2049, and for names and addresses of any kind', () => {
    const validity = { from: Date.UTC(2049, 11, 31, 23, 59, 59), to: Date.UTC(2150, 0, 1) };
    const hosts = ['meta-1.example.org', '10.0.0.255', 'fe80::1:a', '1:2:3:4:5:6:7:8', '::'];
    const { cert } = certify('Ünïcode', { kind: 'server', hosts }, validity);
    const certificate = new X509Certificate(cert);
    expect(certificate.validFrom).toBe('Dec 31 23:59:59 2049 GMT');
    expect(certificate.validTo).toBe('Jan  1 00:00:00 2150 GMT');
    expect(certificate.subjectAltName).toBe(
      'DNS:meta-1.example.org, IP Address:10.0.0.255, IP Address:FE80:0:0:0:0:0:1:A, IP Address:1:2:3:4:5:6:7:8, IP Address:0:0:0:0:0:0:0:0',
    );
    expect(certificate.subject).toContain('CN=');
  });

  it('may be large', () => {
    const hosts = Array.from({ length: 6000 }, (_, i) => `host-${i}.example.org`);
    const { cert } = certify('large', { kind: 'server', hosts }, { from: now, to: now + hour });
    expect(new X509Certificate(cert).subjectAltName?.split(', ')).toHaveLength(6000);
  });
});

const read = (file: string | undefined): Promise<string> => readFile(file ?? '', 'utf8');
const ca = async (from: Sandbox): Promise<{ ca: string }> => ({ ca: await read(from.caPath) });

describe('a sandbox with TLS', () => {
  it('is trusted with its CA, by name and by address, and by nobody else', async () => {
    const running = await sandbox({ tls: {} });
    expect(running.url).toMatch(/^https:/);
    const trust = await ca(running);
    const port = running.url.split(':')[2];
    for (const host of ['127.0.0.1', 'localhost']) {
      expect((await overHttp(`https://${host}:${port}`, 'GET /user', admin, trust)).status).toBe(200);
    }
    expect(await failure(overHttp(running.url, 'GET /user'))).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED/);
    const other = await sandbox({ tls: {} });
    expect(await failure(overHttp(running.url, 'GET /user', admin, await ca(other)))).toBeDefined();
  });

  it('keeps its files to itself and removes them at the end', async () => {
    const { caPath = '', clientKeyPath = '', close } = await sandbox({ tls: {} });
    expect((await stat(caPath)).mode & 0o777).toBe(0o600);
    expect((await stat(caPath.replace(/\/[^/]*$/, ''))).mode & 0o777).toBe(0o700);
    expect(await read(clientKeyPath)).toContain('PRIVATE KEY');
    await close();
    expect(existsSync(caPath.replace(/\/[^/]*$/, ''))).toBe(false);
  });

  it('may show an expired certificate, or one of another host', async () => {
    const now = Date.now();
    const expired = await sandbox({ tls: { validity: { from: now - 2000_000, to: now - 1000_000 } } });
    expect(await failure(overHttp(expired.url, 'GET /user', admin, await ca(expired)))).toBe('CERT_HAS_EXPIRED');
    const early = await sandbox({ tls: { validity: { from: now + 1000_000, to: now + 2000_000 } } });
    expect(await failure(overHttp(early.url, 'GET /user', admin, await ca(early)))).toBe('CERT_NOT_YET_VALID');
    const elsewhere = await sandbox({ tls: { hosts: ['meta.example.org'] } });
    expect(await failure(overHttp(elsewhere.url, 'GET /user', admin, await ca(elsewhere)))).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
  });

  it('may ask for a client certificate', async () => {
    const running = await sandbox({ tls: { clientCertificate: true } });
    const trust = await ca(running);
    const own = { cert: await read(running.clientCertPath), key: await read(running.clientKeyPath) };
    expect((await overHttp(running.url, 'GET /user', admin, { ...trust, ...own })).status).toBe(200);
    expect(await failure(overHttp(running.url, 'GET /user', admin, trust))).toBeDefined();
  });

  it('redirects to https and announces it in show-cluster', async () => {
    const running = await sandbox({ tls: {}, nodes: 2 });
    const trust = await ca(running);
    const body = { action: 'delete', user: { name: 'x' } };
    const got = await overHttp(running.urls[1] ?? '', 'POST /user', { ...admin, body }, trust);
    expect(got.headers.location).toBe(`${running.url}/user`);
    const { meta } = JSON.parse((await overHttp(running.url, 'GET /show-cluster', admin, trust)).body);
    expect(meta[1].httpScheme).toBe('https');
  });

  it('says to plain HTTP what it did', async () => {
    const { url } = await sandbox({ tls: {} });
    const got = await overHttp(url.replace('https', 'http'), 'GET /ping');
    expect([got.status, got.body]).toEqual([400, 'Client sent an HTTP request to an HTTPS server.\n']);
  });

  it('a plain sandbox does not speak TLS', async () => {
    const plain = await sandbox();
    const code = await failure(
      new Promise((resolve, reject) => {
        const socket = connect({ port: Number(plain.url.split(':')[2]), host: '127.0.0.1' }, () =>
          resolve(socket.destroy()),
        );
        socket.on('error', reject);
      }),
    );
    expect(code).toBeDefined();
  });
});
