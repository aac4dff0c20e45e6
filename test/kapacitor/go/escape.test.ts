import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escape, shouldEscape, unescape, type Part } from '../../../src/kapacitor/go/escape.js';

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i));
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';

describe('what a part of a URL leaves as it is', () => {
  it.each<[Part, string]>([
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
    expect(escape('a b\u00e9\n', 'path')).toBe('a%20b%E9%0A');
    expect(escape('a b', 'query')).toBe('a+b');
  });
});

describe('unescape', () => {
  it.each<[string, Part, string | undefined]>([
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
    expect(unescape(text, part)).toBe(binary);
  });

  it('undoes escape', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom<Part>('path', 'user', 'query', 'fragment'), (bytes, part) => {
        const binary = Buffer.from(bytes).toString('latin1');
        expect(unescape(escape(binary, part), part)).toBe(binary);
      }),
    );
  });
});
