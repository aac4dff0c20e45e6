import { constants, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzip } from '../../src/go-compat/gzip.js';

const pack = (bytes: Uint8Array | string, options = {}) => gzipSync(bytes, options).toString('latin1');
const text = 'cpu,host=a usage=1 1700000000\n'.repeat(400);

describe('gunzip', () => {
  it.each([
    ['stored', { level: 0 }],
    ['fixed codes', { strategy: constants.Z_FIXED }],
    ['own codes', { level: 9 }],
    ['no matches', { strategy: constants.Z_HUFFMAN_ONLY }],
    ['runs', { strategy: constants.Z_RLE }],
  ])('reads blocks of all kinds: %s', (_, options) => {
    const noise = Array.from({ length: 70_000 }, (_, i) => String.fromCharCode((i * i * 31) % 256)).join('');
    for (const body of ['', 'a', text, noise, `${noise}${text}${noise}`]) {
      expect(gunzip(pack(Buffer.from(body, 'latin1'), options))).toEqual({ ok: true, body });
    }
  });

  it('reads what zlib packs, also in several streams', () => {
    const some = fc.array(fc.oneof(fc.uint8Array({ maxLength: 500 }), fc.constant(Buffer.from(text))), {
      minLength: 1,
    });
    fc.assert(
      fc.property(some, (parts) => {
        const body = Buffer.concat(parts).toString('latin1');
        expect(gunzip(parts.map((part) => pack(part)).join(''))).toEqual({ ok: true, body });
      }),
      { numRuns: 30 },
    );
  });

  it('reads no changed or cut stream that zlib refuses, and never throws', () => {
    const whole = pack(text);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
        const changed = isCut
          ? whole.slice(0, at)
          : `${whole.slice(0, at)}${String.fromCharCode(byte)}${whole.slice(at + 1)}`;
        const ours = gunzip(changed);
        let theirs: string | undefined;
        try {
          theirs = gunzipSync(Buffer.from(changed, 'latin1')).toString('latin1');
        } catch {
          theirs = undefined;
        }
        expect(ours.ok ? ours.body : undefined).toBe(theirs);
      }),
      { numRuns: 300 },
    );
  });

  it('knows the optional parts of a header, and what stands behind the end', () => {
    const [head, rest] = [pack('x').slice(0, 10), pack('x').slice(10)];
    const flagged = (flags: number, more: string) =>
      `${head.slice(0, 3)}${String.fromCharCode(flags)}${head.slice(4)}${more}${rest}`;
    expect(gunzip(flagged(4, '\u0002\0ab'))).toEqual({ ok: true, body: 'x' });
    expect(gunzip(flagged(8 + 16, 'name\0comment\0'))).toEqual({ ok: true, body: 'x' });
    expect(gunzip(flagged(8, `${'n'.repeat(600)}\0`))).toEqual({ ok: false, error: 'gzip: invalid header' });
    expect(gunzip(flagged(2, '\0\0'))).toEqual({ ok: false, error: 'gzip: invalid header' });
    expect(gunzip(`${head}${rest}12345`)).toEqual({ ok: false, error: 'unexpected EOF' });
    expect(gunzip(`${head}\u0007${rest}`)).toEqual({ ok: false, error: 'flate: corrupt input' });
  });

  it('stops at 64 MiB', () => {
    expect(gunzip(pack(Buffer.alloc(70 * 1024 * 1024)))).toEqual({ ok: false, error: 'flate: corrupt input' });
  });
});
