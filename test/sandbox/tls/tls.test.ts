import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { connect } from 'node:tls';
import type { Sandbox } from '../../../src/sandbox/options.js';
import { admin } from '../meta-node/ask.js';
import { failure, overHttp } from '../meta-node/over-http.js';
import { sandbox } from '../running.js';

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
