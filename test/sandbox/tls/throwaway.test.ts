import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { certify } from '../../../src/sandbox/tls/certificate.js';
import { makeThrowawayTls } from '../../../src/sandbox/tls/throwaway.js';

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
