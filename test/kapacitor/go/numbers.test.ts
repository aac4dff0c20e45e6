import { describe, expect, it } from 'vitest';
import { formatFloat, parseBool, parseInteger } from '../../../src/kapacitor/go/numbers.js';

describe('parseBool', () => {
  it('knows the twelve words of Go and no other', () => {
    expect(['1', 't', 'T', 'TRUE', 'true', 'True'].map(parseBool)).toEqual(Array(6).fill(true));
    expect(['0', 'f', 'F', 'FALSE', 'false', 'False'].map(parseBool)).toEqual(Array(6).fill(false));
    expect(['', 'yes', 'on', 'tRUE', ' true'].map(parseBool)).toEqual(Array(5).fill(undefined));
  });
});

describe('parseInteger', () => {
  it.each([
    ['0x1F', 31n],
    ['-0x_1f', -31n],
    ['010', 8n],
    ['0_7', 7n],
    ['0o17', 15n],
    ['0B11', 3n],
    ['1_000', 1000n],
    ['+0', 0n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
  ])('reads %s', (text, value) => {
    expect(parseInteger(text)).toBe(value);
  });

  it.each(['', '08', '0x', '1__0', '1_', '_1', '0b2', ' 1', '1.0', '9223372036854775808', '--1'])(
    'refuses %j',
    (text) => {
      expect(parseInteger(text)).toBeUndefined();
    },
  );
});

describe('formatFloat', () => {
  it.each([
    [0, '0.000000'],
    [-0, '-0.000000'],
    [1.5, '1.500000'],
    [-123456.0078125, '-123456.007812'],
    [0.0234375, '0.023438'],
    [5e-7, '0.000000'],
    [5.000001e-7, '0.000001'],
    [5e-324, '0.000000'],
    [0.1, '0.100000'],
    [1e21, '1000000000000000000000.000000'],
    [1e22, '10000000000000000000000.000000'],
    [2 ** 70, '1180591620717411303424.000000'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ])('writes %d as %s', (value, text) => {
    expect(formatFloat(value)).toBe(text);
  });
});
