import { describe, expect, it } from 'vitest';
import { nodeOrigin } from '../../src/model/node-url.js';
import { addressed } from '../../src/meta/trust.js';
import { clientOf, failureOf } from './clients.js';
import { serve } from './server.js';

const hostile = [
  '$({touch,pwned})',
  ';{touch,pwned};',
  "a'b",
  'a&b',
  'a"b',
  'a`b',
  '{a,b}',
  'a$b',
  'a!b',
  'a*b',
  'a(b)',
  'a+b',
  'a=b',
  'a~b',
];

describe('attack H4: a host with characters outside host names', () => {
  it.each(hostile)('is no target of a redirect: %s', async (host) => {
    const server = await serve((_, response) => {
      response.writeHead(307, { location: `http://${host}:8091/user` });
      response.end();
    });
    const error = await failureOf(clientOf(server.url).users());
    expect(error).toMatchObject({ kind: 'server', code: 'bad-redirect' });
    expect(error.hint ?? '').not.toContain('touch');
  });

  it.each(hostile)('is no address of a node: %s', (host) => {
    expect(addressed(`${host}:8091`, 'http:')).toBeUndefined();
    expect(nodeOrigin(`http://${host}:8091`)).toMatchObject({ fault: expect.any(String) as string });
  });

  it.each(['meta-1.example.org', 'meta_1', '127.0.0.1', '[::1]'])('as %s is one', (host) => {
    expect(addressed(`${host}:8091`, 'http:')?.host).toBe(`${host}:8091`);
  });
});
