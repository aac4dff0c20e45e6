import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeOrigin } from '../../src/model/node-url.js';

describe('the URL of a meta node', () => {
  it.each([
    ['http://host', 'http://host:8091'],
    ['https://host', 'https://host:8091'],
    ['http://host:80', 'http://host:80'],
    ['https://host:443/', 'https://host:443'],
    ['HTTP://Host:8091/', 'http://host:8091'],
    ['http://[::1]', 'http://[::1]:8091'],
    ['http://[::1]:9000', 'http://[::1]:9000'],
    ['http://bücher', 'http://xn--bcher-kva:8091'],
  ])('%s is %s', (text, node) => {
    expect(nodeOrigin(text)).toBe(node);
  });

  it.each([
    ['host:8091', 'does not begin with http:// or https://'],
    ['http://u:p@host', 'holds a user name'],
    ['http://host/x', 'has a path or a query'],
    ['http://host?x', 'has a path or a query'],
    ['http://ho st', 'holds a blank or a control character'],
    ['http://host:99999', 'is not a URL'],
  ])('%s %s', (text, fault) => {
    expect(nodeOrigin(text)).toEqual({ fault });
  });

  it('stands for itself once it is made', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: false }), (text) => {
        const node = nodeOrigin(new URL(text).origin);
        expect(typeof node === 'string' && nodeOrigin(node)).toBe(node);
      }),
    );
  });
});
