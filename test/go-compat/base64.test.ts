import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from '../../src/go-compat/base64.js';

describe('decodeStandard', () => {
  it.each([
    ['', ''],
    ['YQ==', 'a'],
    ['YWI=', 'ab'],
    ['YWJj', 'abc'],
    ['/+8=', '\u00ff\u00ef'],
    ['YR==', 'a'],
    ['YWK=', 'ab'],
    ['YW\nJj\r\n', 'abc'],
    ['YQ=\n=', 'a'],
    ['YQ==\r\n', 'a'],
  ])('decodes %j, line ends skipped and odd last bits tolerated', (text, bytes) => {
    expect(decodeBase64(text)).toEqual({ ok: true, bytes });
  });

  it.each([
    ['YQ', 0],
    ['YQ=', 3],
    ['YWJ', 0],
    ['YWJjY', 4],
    ['=', 0],
    ['Y===', 1],
    ['YQ=a', 2],
    ['YQ==a', 4],
    ['YWI=a', 4],
    ['YWI==', 4],
    ['YW Jj', 2],
    [' YWJj', 0],
    ['YWJj ', 4],
    ['YW-_', 2],
    ['YWJj\u00e9', 4],
    ['YQ=\n', 4],
  ])('refuses %j at byte %i', (text, at) => {
    expect(decodeBase64(text)).toEqual({ ok: false, at });
  });

  it('undoes the encoding of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (given) => {
        const bytes = Buffer.from(given);
        expect(decodeBase64(bytes.toString('base64'))).toEqual({ ok: true, bytes: bytes.toString('latin1') });
      }),
    );
  });
});

describe('decodeRawUrl', () => {
  it.each([
    ['', ''],
    ['YQ', 'a'],
    ['YR', 'a'],
    ['YWI', 'ab'],
    ['YWJj', 'abc'],
    ['_-8', '\u00ff\u00ef'],
    ['YW\r\nJj', 'abc'],
  ])('decodes %j', (text, bytes) => {
    expect(decodeBase64Url(text)).toEqual({ ok: true, bytes });
  });

  it.each([
    ['A', 0],
    ['AAAAA', 4],
    ['YQ==', 2],
    ['YW+/', 2],
    ['!', 0],
    ['YWJj.', 4],
    ['YWJj\u0100', 4],
  ])('refuses %j at byte %i', (text, at) => {
    expect(decodeBase64Url(text)).toEqual({ ok: false, at });
  });

  it('undoes the encoding of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (given) => {
        const bytes = Buffer.from(given);
        expect(decodeBase64Url(bytes.toString('base64url'))).toEqual({ ok: true, bytes: bytes.toString('latin1') });
      }),
    );
  });
});

it('encodes as Node does', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (array) => {
      const bytes = Buffer.from(array);
      expect(encodeBase64(bytes.toString('latin1'))).toBe(bytes.toString('base64'));
      expect(encodeBase64Url(bytes.toString('latin1'))).toBe(bytes.toString('base64url'));
    }),
  );
});
