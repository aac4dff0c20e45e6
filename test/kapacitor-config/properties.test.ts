import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineConfig, readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';

const signs = [
  '[',
  ']',
  '[[',
  ']]',
  '{',
  '}',
  '=',
  ' = ',
  '.',
  ',',
  '"',
  "'",
  '"""',
  "'''",
  '\\',
  '\\u',
  '#',
  '\n',
  '\r\n',
];
const words = [
  'auth',
  'http',
  'enabled',
  'bcrypt-cost',
  'a',
  'true',
  '1',
  '0',
  '_',
  '-',
  '+',
  'e',
  'inf',
  '1979-05-27',
];
const strange = [' ', 'é', '\0', '\ufeff', '\ud800', '\u2028', '__proto__', '"10m"', '[auth]\n', 'x = 1\n'];
const piece = fc.constantFrom(...signs, ...words, ...strange);
const toml = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const bytes = fc.uint8Array({ maxLength: 60 });
const variable = fc.constantFrom('ENABLED', 'CACHE_EXPIRATION', 'BCRYPT_COST', 'META_ADDR', 'META_USE_TLS');
const env = fc
  .array(
    fc.tuple(
      variable.map((name) => `KAPACITOR_AUTH_${name}`),
      fc.string(),
    ),
  )
  .map((list) => new Map(list));

describe('any file and any environment', () => {
  it('gives a configuration or a message, twice the same', () => {
    fc.assert(
      fc.property(fc.oneof(toml, bytes), env, (file, variables) => {
        const reading = readConfiguration(file, variables);
        if (!reading.starts) expect(reading.message).toMatch(/^(parse config|apply env config|create server): /);
        expect(readConfiguration(file, variables)).toEqual(reading);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the same from a text and from its UTF-8 form', () => {
    fc.assert(
      fc.property(toml, (file) => {
        expect(readConfiguration(Buffer.from(file), new Map())).toEqual(readConfiguration(file, new Map()));
      }),
    );
  });

  it('has an outline whose ranges lie in the text, one behind the other', () => {
    fc.assert(
      fc.property(fc.oneof(toml, bytes), (file) => {
        const { text, keys } = outlineConfig(file);
        for (const { text: key, value } of keys) {
          expect(key.start).toBeLessThanOrEqual(key.end);
          expect(key.end).toBeLessThan(value.start);
          expect(value.start).toBeLessThan(value.end);
          expect(value.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('hostile files', () => {
  const many = 50_000;
  it.each([
    ['open brackets', `a = ${'['.repeat(many)}`, 'unexpected EOF; expected value'],
    ['nested arrays', `a = ${'['.repeat(many)}${']'.repeat(many)}x`, 'expected a top-level item to end'],
    ['nested inline tables', `a = ${'{a = '.repeat(many)}`, 'unexpected EOF; expected value'],
    ['a dotted key', `a${'.a'.repeat(many)} = x`, 'expected value but found "x" instead'],
    ['a header', `[a${'.a'.repeat(many)}]\nb = 1\nb = 1`, 'has already been defined.'],
  ])('nested deeply do not overflow the stack: %s', (_, file, message) => {
    const reading = readConfiguration(file, new Map());
    if (reading.starts) return expect.fail('starts');
    expect(reading.message.slice(-200)).toContain(message);
  });
});
