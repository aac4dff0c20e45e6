import { describe, expect, it } from 'vitest';
import { basicHeader, splitUrl } from '../../src/model/client-url.js';

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
    expect(() => splitUrl(url, '--url')).toThrow('--url: not an http or https URL with a host');
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
