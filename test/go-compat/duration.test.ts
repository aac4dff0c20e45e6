import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatGoDuration, parseGoDuration } from '../../src/go-compat/duration.js';

describe('parseDuration', () => {
  it.each([
    ['0', 0n, '0s'],
    ['-0', 0n, '0s'],
    ['+0', 0n, '0s'],
    ['1ns', 1n, '1ns'],
    ['1us', 1000n, '1\u00b5s'],
    ['5\u00b5s', 5000n, '5\u00b5s'],
    ['5\u03bcs', 5000n, '5\u00b5s'],
    ['1.5ms', 1500000n, '1.5ms'],
    ['1s', 1000000000n, '1s'],
    ['90s', 90000000000n, '1m30s'],
    ['1h', 3600000000000n, '1h0m0s'],
    ['1h30m', 5400000000000n, '1h30m0s'],
    ['1.5h', 5400000000000n, '1h30m0s'],
    ['.5s', 500000000n, '500ms'],
    ['5.s', 5000000000n, '5s'],
    ['-5m', -300000000000n, '-5m0s'],
    ['+5m', 300000000000n, '5m0s'],
    ['1h1h', 7200000000000n, '2h0m0s'],
    ['0.000000001s', 1n, '1ns'],
    ['0.0000000001s', 0n, '0s'],
    ['1.123456789012345678901234567890s', 1123456789n, '1.123456789s'],
    ['2562047h47m16.854775807s', 9223372036854775807n, '2562047h47m16.854775807s'],
    ['-2562047h47m16.854775808s', -9223372036854775808n, '-2562047h47m16.854775808s'],
    ['9223372036854775807ns', 9223372036854775807n, '2562047h47m16.854775807s'],
    ['-9223372036854775808ns', -9223372036854775808n, '-2562047h47m16.854775808s'],
    ['9223372036854775808ns9223372036854775808ns', 0n, '0s'],
    ['100ms', 100000000n, '100ms'],
    ['999ns', 999n, '999ns'],
    ['1001ns', 1001n, '1.001\u00b5s'],
    ['59.9s', 59900000000n, '59.9s'],
    ['60s', 60000000000n, '1m0s'],
    ['61m', 3660000000000n, '1h1m0s'],
    ['0.0s', 0n, '0s'],
  ])('reads %j as %d ns, which are written %s', (text, nanoseconds, written) => {
    expect(parseGoDuration(text)).toEqual({ nanoseconds });
    expect(formatGoDuration(nanoseconds)).toBe(written);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['+', 'time: invalid duration "+"'],
    ['.', 'time: invalid duration "."'],
    ['.s', 'time: invalid duration ".s"'],
    ['1', 'time: missing unit in duration "1"'],
    ['10', 'time: missing unit in duration "10"'],
    ['1.5', 'time: missing unit in duration "1.5"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1h 30m', 'time: unknown unit "h " in duration "1h 30m"'],
    ['soon', 'time: invalid duration "soon"'],
    [' 1s', 'time: invalid duration " 1s"'],
    ['1s ', 'time: unknown unit "s " in duration "1s "'],
    ['1.5.5s', 'time: missing unit in duration "1.5.5s"'],
    ['1e3s', 'time: unknown unit "e" in duration "1e3s"'],
    ['1S', 'time: unknown unit "S" in duration "1S"'],
    ['1\u00b5', 'time: unknown unit "\\xc2\\xb5" in duration "1\\xc2\\xb5"'],
    ['\u00e9', 'time: invalid duration "\\xc3\\xa9"'],
    ['"', 'time: invalid duration "\\""'],
    ['\\', 'time: invalid duration "\\\\"'],
    ['\t', 'time: invalid duration "\\x09"'],
    ['\u007f', 'time: invalid duration "\u007f"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['2562047h47m16.854775808s', 'time: invalid duration "2562047h47m16.854775808s"'],
    ['99999999999999999999s', 'time: invalid duration "99999999999999999999s"'],
    ['1m99999999999999999999', 'time: invalid duration "1m99999999999999999999"'],
  ])('refuses %j: %s', (text, error) => {
    expect(parseGoDuration(text)).toEqual({ error });
  });

  it('reads back whatever is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (nanoseconds) => {
        expect(parseGoDuration(formatGoDuration(nanoseconds))).toEqual({ nanoseconds });
      }),
    );
  });

  it('never throws', () => {
    const text = fc.array(fc.constantFrom(...'+-.019hmsnu\u00b5\u00e9" ')).map((characters) => characters.join(''));
    fc.assert(
      fc.property(text, (duration) => {
        const { nanoseconds, error } = parseGoDuration(duration);
        expect(nanoseconds === undefined).toBe(error !== undefined);
      }),
    );
  });
});
