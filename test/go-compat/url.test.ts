import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanPath,
  encodeQuery,
  escapedPath,
  escapeUrl,
  formatUrl,
  joinPath,
  parseUrl,
  parseUrlQuery,
  queryValue,
  resolveUrl,
  shouldEscape,
  unescapeUrl,
  type UrlPart,
} from '../../src/go-compat/url.js';

describe('a request target', () => {
  it.each([
    ['/a/b', '/a/b', ''],
    ['/a%20b', '/a b', ''],
    ['/a%2Fb', '/a/b', ''],
    ['/a?x=1?y', '/a', 'x=1?y'],
    ['/a#b', '/a#b', ''],
    ['//a/b', '//a/b', ''],
    ['/\u00c3\u00a9|"<\\^', '/\u00c3\u00a9|"<\\^', ''],
    ['http://h/a?x', '/a', 'x'],
    ['HTTP://h', '', ''],
    ['http:/a', '/a', ''],
    ['http://u:p@h:1/a', '/a', ''],
    ['http://h:x:80/a', '/a', ''],
    ['http://[::1]:80/a', '/a', ''],
    ['http://[fe80::1%25eth0]/a', '/a', ''],
    ['*', '*', ''],
    ['mailto:x', '', ''],
  ])('%j is the path %j and the query %j', (target, path, rawQuery) => {
    expect(parseUrl(target, true)).toMatchObject({ path, rawQuery });
  });

  it.each([
    '',
    'a',
    '?x',
    '#x',
    '/%zz',
    '/%4',
    '/a\u0000',
    '/a\u007f',
    ':/a',
    '1http://h/',
    'http://h:x/',
    'http://h:80:x/',
    'http://[::1/',
    'http://[1.2.3.4]/',
    'http://[::1]x/',
    'http://a[::1]/',
    'http://[::1%25]/',
    'http://[::1%25%7C]/',
    'http://a b/',
    'http://h%41/',
    'http://u|@h/',
    'http://u:%zz@h/',
    'http://h/%zz',
  ])('%j is refused', (target) => {
    expect(parseUrl(target, true)).toBeUndefined();
  });
});

describe('a reference', () => {
  it('may lack a scheme, but hold no colon before its first slash', () => {
    expect(parseUrl('a/b:c', false)).toMatchObject({ scheme: '', path: 'a/b:c' });
    expect(parseUrl('a:b/c', false)).toMatchObject({ scheme: 'a', opaque: 'b/c' });
    expect(parseUrl('1a:b/c', false)).toBeUndefined();
    expect(parseUrl('', false)).toMatchObject({ path: '' });
  });

  it('has a host behind two slashes, not behind three', () => {
    expect(parseUrl('//h/a', false)).toMatchObject({ host: 'h', path: '/a' });
    expect(parseUrl('///a', false)).toMatchObject({ host: '', path: '///a' });
    expect(parseUrl('http:///a', false)).toMatchObject({ host: '', path: '/a' });
  });

  it('has a user without or with a password', () => {
    expect(parseUrl('http://u@h', false)?.user).toEqual({ name: 'u', password: undefined });
    expect(parseUrl('http://u:@h', false)?.user).toEqual({ name: 'u', password: '' });
    expect(parseUrl('http://u%40x:p%3A:@h', false)?.user).toEqual({ name: 'u@x', password: 'p::' });
    expect(parseUrl('http://a@b@h', false)?.user).toEqual({ name: 'a@b', password: undefined });
  });
});

describe('urlText', () => {
  it.each([
    ['/a/b', '/a/b'],
    ['/a/*[]!$&\'()+,;=:@"', '/a/%2A%5B%5D%21$&%27%28%29+,;=:@%22'],
    ['http://h/a?', 'http://h/a?'],
    ['HTTP://H/a?x y', 'http://H/a?x y'],
    ['http://u:p%40@h', 'http://u:p%40@h'],
    ['http:/a', 'http:/a'],
    ['http:///a', 'http:///a'],
    ['mailto:x?y', 'mailto:x?y'],
    ['*', '*'],
  ])('of %j, its path escaped anew, is %j', (target, text) => {
    const url = parseUrl(target, true);
    expect(url && formatUrl({ ...url, rawPath: '' })).toBe(text);
  });

  it('keeps an escaping that is one', () => {
    const url = parseUrl('/a%2Fb(c)', true)!;
    expect(escapedPath(url)).toBe('/a%2Fb(c)');
    expect(escapedPath({ ...url, path: '/a' })).toBe('/a');
    expect(escapedPath(parseUrl('/a%2Fb"', true)!)).toBe('/a/b%22');
  });

  it('puts a dot before a path that looks like a scheme', () => {
    const url = parseUrl('/', false)!;
    expect(formatUrl({ ...url, path: 'a:b' })).toBe('./a:b');
    expect(formatUrl({ ...url, host: 'h', path: 'a' })).toBe('//h/a');
  });

  it('of what it was read from gives the same again', () => {
    const piece = fc.constantFrom(
      '/',
      'a',
      '%2F',
      '%41',
      '?',
      'é',
      '..',
      '@',
      ':',
      '80',
      '[::1]',
      'http://',
      '//',
      '&=',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), fc.boolean(), (pieces, viaRequest) => {
        const url = parseUrl(pieces.join(''), viaRequest);
        if (url === undefined || url.scheme === '') return;
        const again = parseUrl(formatUrl(url), viaRequest);
        expect(again && formatUrl(again)).toBe(formatUrl(url));
      }),
    );
  });
});

describe('resolveUrl', () => {
  const base = parseUrl('http://u:p@h:1/a/b?q', false)!;

  it.each([
    ['', 'http://u:p@h:1/a/b?q'],
    ['c', 'http://u:p@h:1/a/c'],
    ['?x', 'http://u:p@h:1/a/b?x'],
    ['?', 'http://u:p@h:1/a/b?'],
    ['/c', 'http://u:p@h:1/c'],
    ['../c', 'http://u:p@h:1/c'],
    ['../../../c', 'http://u:p@h:1/c'],
    ['./', 'http://u:p@h:1/a/'],
    ['..', 'http://u:p@h:1/'],
    ['.', 'http://u:p@h:1/a/'],
    ['//k:2/c', 'http://k:2/c'],
    ['//k', 'http://k'],
    ['https://k/../c', 'https://k/c'],
    ['c#d', 'http://u:p@h:1/a/c'],
    ['#d', 'http://u:p@h:1/a/b?q'],
    ['%2e%2e/c', 'http://u:p@h:1/a/%2e%2e/c'],
    ['/c%2Fd', 'http://u:p@h:1/c%2Fd'],
    ['c//d', 'http://u:p@h:1/a/c//d'],
  ])('of %j gives %s', (reference, text) => {
    const url = resolveUrl(base, reference);
    expect(url && formatUrl(url)).toBe(text);
  });

  it.each(['%zz', '#%zz', 'http://h:x', '1a:b', 'a\n'])('refuses %j', (reference) => {
    expect(resolveUrl(base, reference)).toBeUndefined();
  });
});

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i));
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';

describe('what a part of a URL leaves as it is', () => {
  it.each<[UrlPart, string]>([
    ['path', '$&+,/:;=@'],
    ['host', '!$&\'()*+,;=:[]<>"'],
    ['zone', '!$&\'()*+,;=:[]<>"'],
    ['user', '$&+,;='],
    ['query', ''],
    ['fragment', '$&+,/:;=?@!()*'],
  ])('%s: letters, digits, -._~ and %j', (part, kept) => {
    const left = ascii.filter((char) => !shouldEscape(char, part));
    expect(left.sort().join('')).toBe([...letters, ...kept].sort().join(''));
  });
});

describe('escape', () => {
  it('writes bytes in upper-case hex, a blank of a query as a plus sign', () => {
    expect(escapeUrl('a b\u00e9\n', 'path')).toBe('a%20b%E9%0A');
    expect(escapeUrl('a b', 'query')).toBe('a+b');
  });
});

describe('unescape', () => {
  it.each<[string, UrlPart, string | undefined]>([
    ['%41%2f%2F', 'path', 'A//'],
    ['a+b', 'path', 'a+b'],
    ['a+b', 'query', 'a b'],
    ['%', 'path', undefined],
    ['%4', 'path', undefined],
    ['%4g', 'path', undefined],
    ['%C3%A9', 'host', '\u00c3\u00a9'],
    ['%25', 'host', '%'],
    ['%41', 'host', undefined],
    ['a b', 'host', undefined],
    ['a|b', 'host', undefined],
    ['\u00e9', 'host', '\u00e9'],
    ['%25%20', 'zone', '% '],
    ['%25%41', 'zone', '%A'],
    ['%25%7C', 'zone', undefined],
    ['%25a b', 'zone', undefined],
    ['%00', 'path', '\0'],
  ])('%j of a %s is %j', (text, part, binary) => {
    expect(unescapeUrl(text, part)).toBe(binary);
  });

  it('undoes escape', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom<UrlPart>('path', 'user', 'query', 'fragment'), (bytes, part) => {
        const binary = Buffer.from(bytes).toString('latin1');
        expect(unescapeUrl(escapeUrl(binary, part), part)).toBe(binary);
      }),
    );
  });
});

describe('parseQuery', () => {
  it.each([
    ['', []],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['a=b=c', [['a', 'b=c']]],
    ['=b', [['', 'b']]],
    [
      'a=1&a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['%61=%62', [['a', 'b']]],
    ['a=b+c%2B', [['a', 'b c+']]],
    ['a=%C3%A9', [['a', '\u00c3\u00a9']]],
    ['a=\u00ff', [['a', '\u00ff']]],
  ])('reads %j', (query, pairs) => {
    expect(parseUrlQuery(query)).toEqual(pairs);
  });

  it.each(['a=%zz', '%zz=a', 'a=%4', 'a=%', 'a;b=c', 'a=b;c'])('drops the pair %j and keeps the others', (pair) => {
    expect(parseUrlQuery(`x=1&${pair}&&y=2`)).toEqual([
      ['x', '1'],
      ['y', '2'],
    ]);
  });

  it('undoes encodeQuery', () => {
    const value = fc.uint8Array({ maxLength: 10 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value)), (pairs) => {
        expect(parseUrlQuery(encodeQuery(pairs))).toEqual(pairs);
      }),
    );
  });
});

describe('queryValue', () => {
  it('is the first of a name, or empty', () => {
    const pairs = parseUrlQuery('u=&u=second&p=1');
    expect(queryValue(pairs, 'u')).toBe('');
    expect(queryValue(pairs, 'p')).toBe('1');
    expect(queryValue(pairs, 'U')).toBe('');
  });
});

describe('encodeQuery', () => {
  it('escapes as url.QueryEscape does, a blank as a plus sign', () => {
    expect(encodeQuery([['name', "a b&=/?#%~-._'*\u00e9"]])).toBe('name=a+b%26%3D%2F%3F%23%25~-._%27%2A%E9');
  });
});

const path = fc
  .array(fc.constantFrom('/', '.', '..', 'a', 'b c', '...'), { maxLength: 12 })
  .map((parts) => parts.join(''));

describe('cleanPath', () => {
  it.each([
    ['', '.'],
    ['.', '.'],
    ['/', '/'],
    ['//', '/'],
    ['a', 'a'],
    ['a/', 'a'],
    ['/a/', '/a'],
    ['/a//b', '/a/b'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/..', '/'],
    ['/../../a', '/a'],
    ['..', '..'],
    ['../../a', '../../a'],
    ['a/../..', '..'],
    ['a/..', '.'],
    ['/a/...', '/a/...'],
    ['/a/b/../../..', '/'],
  ])('makes %j %j', (given, clean) => {
    expect(cleanPath(given)).toBe(clean);
  });

  it('leaves a clean path as it is', () => {
    fc.assert(
      fc.property(path, (given) => {
        expect(cleanPath(cleanPath(given))).toBe(cleanPath(given));
      }),
    );
  });

  it('leaves no dots, double or last slashes in a path from the root', () => {
    fc.assert(
      fc.property(path, (given) => {
        const clean = cleanPath(`/${given}`);
        expect(clean).toMatch(/^\//);
        if (clean !== '/') expect(clean.slice(1).split('/')).not.toContain('');
        for (const part of clean.split('/')) expect(['.', '..']).not.toContain(part);
      }),
    );
  });
});

describe('joinPath', () => {
  it.each([
    ['/api', '', '/api'],
    ['/api', '/tasks', '/api/tasks'],
    ['/api', 'tasks', '/api/tasks'],
    ['/api', 'config/', '/api/config'],
    ['/api', '/../x', '/x'],
    ['', '', ''],
    ['', '/a', '/a'],
  ])('joins %j and %j to %j', (first, second, joined) => {
    expect(joinPath(first, second)).toBe(joined);
  });
});
