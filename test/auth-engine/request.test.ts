import { describe, expect, it } from 'vitest';
import { type HttpRequest, parseRequest } from '../../src/auth-engine/request.js';

function read(parts: Partial<HttpRequest>): ReturnType<typeof parseRequest> {
  return parseRequest({ method: 'GET', target: '/', headers: [], ...parts });
}

describe("what Go's HTTP server answers 400 itself", () => {
  it.each(['/%zz', '/%', '/a b', '/a\r', '/a\n', '/a\u0000', '/a\u007f', '', 'a', '?x', '#x', 'http://h:x/'])(
    'a target that does not parse: %j, whatever the method',
    (target) => {
      for (const method of ['GET', 'OPTIONS', 'TRACE']) {
        expect(read({ method, target })).toEqual({ ok: false, reason: 'target' });
      }
    },
  );

  it.each(['', 'G T', 'G@T', 'GET\n', 'G\u00c9T', 'A/B'])('a method that is no token: %j', (method) => {
    expect(read({ method })).toEqual({ ok: false, reason: 'method' });
  });

  it.each([
    ['X(Y)', 'a'],
    ['X Y', 'a'],
    ['X-\u00c9', 'a'],
    ['', 'a'],
    ['X:', 'a'],
    ['X', 'a\u0000b'],
    ['X', 'a\u007fb'],
    ['X', 'a\rb'],
    ['X', 'a\nb'],
    ['Host', 'a b'],
    ['host', 'a/b'],
    ['Host', 'a@b'],
    ['Host', '\u00e9'],
    ['Content-Length', ''],
    ['Content-Length', '-1'],
    ['Content-Length', '1x'],
    ['content-length', '9223372036854775808'],
  ])('a header %j: %j', (name, value) => {
    expect(read({ headers: [[name, value]] })).toEqual({ ok: false, reason: 'header' });
  });
});

describe('several headers of one name', () => {
  it('are refused where they say where the request goes, or differ in its length', () => {
    const twice = (name: string, ...values: readonly string[]): boolean =>
      read({ headers: values.map((value, i) => [i === 0 ? name : name.toLowerCase(), value]) }).ok;
    expect(twice('Host', 'a', 'a')).toBe(false);
    expect(twice('Content-Length', '5', '6')).toBe(false);
    expect(twice('Content-Length', '5', '5')).toBe(true);
    expect(twice('X', '5', '6')).toBe(true);
  });
});

describe('a request that is read', () => {
  it('may have any method that is a token', () => {
    for (const method of ['GET', 'get', 'BREW', "!#$%&'*+-.^_`|~9"]) expect(read({ method }).ok).toBe(true);
  });

  it('may have an absolute target, of which path and query count', () => {
    const request = read({ target: 'http://u:p@other:1/a?b=c' });
    expect(request.ok && request.url).toMatchObject({ path: '/a', rawQuery: 'b=c' });
  });

  it('has an authority as its target where the method is CONNECT', () => {
    expect(read({ method: 'CONNECT', target: 'host:80' }).ok).toBe(true);
    expect(read({ method: 'CONNECT', target: '/a' }).ok).toBe(true);
    expect(read({ method: 'CONNECT', target: 'host:x' }).ok).toBe(false);
  });

  it('gives the first of several headers, in any letter case, without blanks and tabs around it', () => {
    const headers = [
      ['authorization', ' \tBasic a \t'],
      ['Authorization', 'Basic b'],
    ] as const;
    const request = read({ headers });
    expect(request.ok && request.header('AUTHORIZATION')).toBe('Basic a');
    expect(request.ok && request.header('Host')).toBe('');
  });

  it('gives an empty first header and not the second', () => {
    const headers = [
      ['Authorization', ''],
      ['Authorization', 'Basic b'],
    ] as const;
    const request = read({ headers });
    expect(request.ok && request.header('Authorization')).toBe('');
  });

  it.each(['', 'a', 'a:9092', '[::1]:9092', "a_b,c'd~%41"])('may have the Host %j', (host) => {
    expect(read({ headers: [['Host', host]] }).ok).toBe(true);
  });

  it('keeps bytes beyond ASCII and tabs inside a value', () => {
    const request = read({ headers: [['X', '\u00a0a\tb\u00ff']] });
    expect(request.ok && request.header('x')).toBe('\u00a0a\tb\u00ff');
  });
});
