import { describe, expect, it } from 'vitest';
import { accessPath } from '../../src/access-matrix/decide-access.js';
import {
  addressFault,
  addressHost,
  displayTarget,
  isLoopback,
  nodeOrigin,
  tryParseUrl,
  splitUrl,
  percentEncode,
} from '../../src/model/urls.js';
import { basicHeader } from '../../src/go-compat/base64.js';
import fc from 'fast-check';

describe('splitUrl', () => {
  it.each([
    ['http://host:9092/kapacitor/v1/tasks', 'http://host:9092', '/kapacitor/v1/tasks', true],
    ['HTTPS://host', 'https://host', '/', false],
    ['http://host/', 'http://host', '/', false],
    ['http://host?u=a&p=b', 'http://host', '/?u=a&p=b', true],
    ['http://host/a//../b%2F%zz?x#frag', 'http://host', '/a//../b%2F%zz?x', true],
    ['http://[::1]:9092/a', 'http://[::1]:9092', '/a', true],
    ['http://host/a@b:c', 'http://host', '/a@b:c', true],
  ])('keeps every byte of the path: %s', (url, origin, target, hasPath) => {
    expect(splitUrl(url, 'x')).toEqual({ origin, target, hasPath, account: undefined });
  });

  it.each([
    ['http://a:b@host/', ['a', 'b']],
    ['http://a%40b:p%3Aw%2F@host/', ['a@b', 'p:w/']],
    ['http://a@host/', ['a', '']],
    ['http://a:@host/', ['a', '']],
    ['http://:b@host/', ['', 'b']],
    ['http://a:b:c@host/', ['a', 'b:c']],
  ])('takes the account out of %s', (url, account) => {
    expect(splitUrl(url, 'x')).toMatchObject({ origin: 'http://host', account });
  });

  it.each([
    '',
    'host',
    'ftp://host/',
    'http://',
    'http:///a',
    'http:/host',
    'http://a b/',
    'http://host:x/',
    'http://h|/',
  ])('refuses %j by the name of its place', (url) => {
    expect(() => splitUrl(url, '--url')).toThrow(
      expect.objectContaining({
        message: '--url: not an http or https URL with a host',
        hint: 'Use http://HOST:9092 or https://HOST:9092.',
      }),
    );
  });

  it('shows nothing of credentials that are not percent-encoded', () => {
    expect(() => splitUrl('http://a:s3cret%@host/', '--url')).toThrow(/^--url: the credentials in the URL are not/);
  });
});

describe('basicHeader', () => {
  it('holds name and password as UTF-8', () => {
    const [scheme, encoded] = basicHeader('jo\u00e9', 'p:\u20ac').split(' ');
    expect(scheme).toBe('Basic');
    expect(Buffer.from(encoded ?? '', 'base64').toString()).toBe('jo\u00e9:p:\u20ac');
  });
});

describe('tryParseUrl', () => {
  it('says the same however often it is asked', () => {
    const hosts = Array.from({ length: 20_000 }, () => tryParseUrl('http://bücher')?.hostname);
    expect([...new Set(hosts)]).toEqual(['xn--bcher-kva']);
    expect(tryParseUrl('http://[')).toBeUndefined();
    expect(tryParseUrl('/x', 'http://host')?.href).toBe('http://host/x');
  });
});

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
    ['host:8091', 'does not start with http:// or https://'],
    ['http://u:p@host', 'contains a user name'],
    ['http://host/x', 'has a path or a query'],
    ['http://host?x', 'has a path or a query'],
    ['http://ho st', 'contains a space or a control character'],
    ['http://host:99999', 'is invalid'],
  ])('%s %s', (text, problem) => {
    expect(nodeOrigin(text)).toEqual({ problem });
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

describe('attack new-query-password: a password in the query of a path', () => {
  it.each([
    ['/tasks?u=a&p=S3CR3T', '/tasks?u=a&p=***'],
    ['/tasks?p=S3CR3T&u=a&p=S3CR3T', '/tasks?p=***&u=a&p=***'],
    ['/tasks?u=a&%70=S3CR3T', '/tasks?u=a&%70=***'],
    ['/tasks?U=a&P=S3CR3T', '/tasks?U=a&P=***'],
    ['/tasks?u=a;p=S3CR3T', '/tasks?u=a;p=***'],
    ['/tasks?u=a&p=x;S3CR3T', '/tasks?u=a&p=***'],
    ['/tasks?p=%zz%S3CR3T', '/tasks?p=***'],
    ['/tasks?a?p=S3CR3T&password=S3CR3T', '/tasks?a?p=***&password=***'],
    ['/tasks?db=x&token=S3CR3T', '/tasks?db=x&token=***'],
    ['/p=x?', '/p=x?'],
    ['/write?db=telegraf&rp=autogen&u=a', '/write?db=telegraf&rp=autogen&u=a'],
  ])('is not shown, and nothing else is hidden: %s', (target, shown) => {
    expect(displayTarget(target)).toBe(shown);
  });

  it('is not shown by `auth who-can` and `auth can-i` either', () => {
    expect(accessPath('kapacitor/v1/tasks?u=a&p=S3CR3T')).toBe('/kapacitor/v1/tasks?u=a&p=***');
    expect(accessPath('https://h:9092/kapacitor/v1/tasks?p=S3CR3T')).toBe('/kapacitor/v1/tasks?p=***');
  });
});

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

it('a text with half a pair of UTF-16 has a form in a URL', () => {
  expect(percentEncode('a b/\u{1f600}')).toBe('a%20b%2F%F0%9F%98%80');
  expect(percentEncode('\ud800x')).toBe('%EF%BF%BDx');
});
