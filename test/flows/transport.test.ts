import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import { startConnectProxy } from '../meta/connect-proxy.js';
import { answer, pem, serve, serveRaw, type Handler } from '../meta/server.js';
import { kapadmin, registerSecret, start } from './harness.js';

const fixture = (name: string): string => path.join(root, 'test/meta/fixtures', name);
const trusting = ['--meta-ca', fixture('ca.pem')];
const names = ['user', 'list', '-o', 'name'];

const users: Handler = (seen, response) =>
  answer(
    response,
    200,
    seen.url.startsWith('/role') ? { roles: [] } : { users: [{ name: 'janedoe' }, { name: 'johndoe' }] },
  );
const listed = { code: 0, stdout: 'janedoe\njohndoe\n', stderr: '' };

describe('the built program, behind a proxy that demands credentials,', () => {
  const credentials = `me:${registerSecret('proxy-password-0815')}`;

  it('attack H1: lists the users of an https meta node', async () => {
    const node = await serve(users, pem.server);
    const proxy = await startConnectProxy(node.port, { credentials });
    const env = {
      HTTPS_PROXY: proxy.url.replace('//', `//${credentials}@`),
      KAPADMIN_META_URL: 'https://meta.test:8443',
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: registerSecret('meta-password-4711'),
    };
    expect(await kapadmin([...names, ...trusting], { env })).toEqual(listed);
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    expect(proxy.asked.length).toBeGreaterThan(0);
    for (const asked of proxy.asked) expect(asked).toEqual({ target: 'meta.test:8443', authorization });
    expect(node.seen.map(({ headers }) => headers['proxy-authorization'])).toEqual(node.seen.map(() => undefined));
    expect(Buffer.concat(proxy.received).toString('latin1')).not.toContain('Basic');
  });

  it('names the proxy where that refuses', async () => {
    const proxy = await startConnectProxy(1, { credentials });
    const env = { HTTPS_PROXY: proxy.url, KAPADMIN_META_URL: 'https://meta.test:8443' };
    const ended = await kapadmin([...names, ...trusting, '--retries', '0'], { env });
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect(ended.stderr).toContain(`the proxy could not connect (${proxy.url.replace('http://', '')})`);
  });

  it('goes past it to a node that NO_PROXY names', async () => {
    const node = await serve(users, pem.server);
    const proxy = await startConnectProxy(node.port, { credentials });
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: '127.0.0.1', KAPADMIN_META_URL: node.url };
    expect(await kapadmin([...names, ...trusting], { env })).toEqual(listed);
    expect(proxy.asked).toEqual([]);
  });
});

describe('the built program', () => {
  it('shows a client certificate to a node that asks for one', async () => {
    const node = await serve(users, { ...pem.server, ca: pem.ca, requestCert: true, rejectUnauthorized: true });
    const env = { KAPADMIN_META_URL: node.url };
    const certificate = ['--meta-cert', fixture('client.pem'), '--meta-key', fixture('client.key')];
    expect(await kapadmin([...names, ...trusting, ...certificate], { env })).toMatchObject({
      code: 0,
      stdout: listed.stdout,
    });
    const without = await kapadmin([...names, ...trusting, '--retries', '0'], { env });
    expect(without).toMatchObject({ code: 3, stdout: '' });
    expect(without.stderr).toContain('--meta-cert FILE and --meta-key FILE');
  });

  it('reads no response that is larger than --max-body', async () => {
    const node = await serve((_, response) => answer(response, 200, { users: [{ name: 'x'.repeat(5000) }] }));
    const ended = await kapadmin([...names, '--max-body', '4KiB'], { env: { KAPADMIN_META_URL: node.url } });
    expect(ended).toMatchObject({ code: 8, stdout: '' });
    expect(ended.stderr).toContain('4KiB');
  });

  it('is interrupted while it waits for a response, through a proxy too', async () => {
    const node = await serve(() => undefined, pem.server);
    const proxy = await startConnectProxy(node.port);
    const env = { HTTPS_PROXY: proxy.url, KAPADMIN_META_URL: 'https://meta.test:8443' };
    const running = await start([...names, ...trusting, '--show-request'], { env });
    await running.waitFor('curl', 'stderr');
    running.signal('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
  });
});

describe('a fault of the program', () => {
  it('attack L1: a Node without WebAssembly ends with 2, by one line and its hint', async () => {
    const node = await serve(users);
    const env = { KAPADMIN_META_URL: node.url, NODE_OPTIONS: '--jitless' };
    const ended = await kapadmin(names, { env });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^error: kapadmin needs WebAssembly, .+\nRemove --jitless /m);
    expect(ended.stderr).not.toMatch(/connection|^ +at /m);
    const json = await kapadmin([...names.slice(0, 2), '-o', 'json'], { env });
    expect(json.code).toBe(2);
    expect(json.stderr).toContain('{"error":{"code":"no-webassembly",');
  });

  it('attack L1: a response that undici takes for impossible is not HTTP, and no write follows', async () => {
    const sent: string[] = [];
    const server = await serveRaw((socket) => {
      socket.once('data', (bytes) => {
        sent.push(bytes.toString('latin1'));
        socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      });
    });
    const ended = await kapadmin(['role', 'create', 'kapacitor'], { env: { KAPADMIN_META_URL: server.url } });
    expect(ended).toMatchObject({ code: 8, stdout: '', stderr: expect.stringMatching(/not HTTP/) });
    expect(sent.filter((request) => request.startsWith('POST'))).toEqual([]);
  });
});
