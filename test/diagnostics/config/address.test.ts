import { describe, expect, it } from 'vitest';
import { addressFault, addressHost, isLoopback } from '../../../src/diagnostics/config/address.js';

describe('the address of a meta node', () => {
  it.each([
    'localhost:8091',
    'meta1.example.org:80',
    'meta_1:8091',
    '127.0.0.1:8091',
    '[::1]:8091',
    '[fe80::1%25eth0]:8091',
    'müller:8091',
    ':8091',
  ])('%s is one', (text) => {
    expect(addressFault(text)).toBeUndefined();
  });

  it.each([
    [' 172.17.0.2:8091:8091', 'contains a space, has two ports', '172.17.0.2:8091'],
    ['http://meta1:8091', 'starts with a scheme', 'meta1:8091'],
    ['HTTPS://meta1:8091/', 'starts with a scheme, has a path', 'meta1:8091'],
    ['meta1:8091/user?x=1', 'has a path', 'meta1:8091'],
    ['meta1', 'has no port', 'meta1:8091'],
    ['http://[::1]', 'starts with a scheme, has no port', '[::1]:8091'],
    ['meta1:8091\n', 'contains a space', 'meta1:8091'],
  ])('%j %s', (text, what, fixed) => {
    expect(addressFault(text)).toMatchObject({ what, fixed });
  });

  it.each([
    ['meta1:8091:8089', 'has two ports'],
    ['meta1:8091,meta2:8091', 'names several nodes'],
    ['admin:x@meta1:8091', 'contains a user name'],
    ['ftp://meta1:8091', 'starts with a scheme'],
    ['::1:8091', 'is not HOST:PORT'],
    ['meta 1:8091', 'contains a space'],
    ['meta1:0', 'is not HOST:PORT'],
    ['meta1:65536', 'is not HOST:PORT'],
    ['meta1:http', 'is not HOST:PORT'],
  ])('%j %s, and nobody knows what is meant', (text, what) => {
    expect(addressFault(text)).toMatchObject({ what, fixed: undefined });
  });

  it('was meant with TLS where it was a URL of https', () => {
    expect(addressFault('https://meta1:8091')?.isHttps).toBe(true);
    expect(addressFault('http://meta1:8091')?.isHttps).toBe(false);
  });

  it('is this machine or not', () => {
    expect(
      ['localhost:1', '127.1.2.3:1', '[::1]:1', 'LOCALHOST:1'].map((each) => isLoopback(addressHost(each))),
    ).toEqual([true, true, true, true]);
    expect(
      [':1', '0.0.0.0:1', 'localhost.example:1', '128.0.0.1:1'].map((each) => isLoopback(addressHost(each))),
    ).toEqual([false, false, false, false]);
  });
});
