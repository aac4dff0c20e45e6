import fc from 'fast-check';
import { texts } from './texts.js';

const short = [...texts.values()].filter((text) => text.length < 1000);
const pieces = ['-', '--', '=', ',', ':', '/', '@', '"', "'", '\\', '`', '$(', ' ', '\n', '\r', '\0', '\t', '\u001b['];
const words = [
  'joe',
  'admin',
  'ops',
  'KapacitorAPI',
  'ReadData',
  '__proto__',
  '*',
  '10s',
  '1e9',
  'true',
  'é',
  '管',
  '\ud800',
];
const brackets = ['{', '}', '[', ']', '<', '>', '%', '#', '?', '!', '&', '|'];

/** Texts that hurt: strings of all of Unicode, of pieces with a meaning, and of those that are known to hurt. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'binary-ascii', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(...short),
  fc
    .array(fc.constantFrom(...pieces, ...words, ...brackets, ...short), { maxLength: 6 })
    .map((parts) => parts.join('')),
);

/** A text of tokens of a language, and of hostile texts between them. */
export function soup(tokens: readonly string[]): fc.Arbitrary<string> {
  const token = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...tokens) }, { weight: 1, arbitrary: hostileText });
  return fc.array(token, { maxLength: 30 }).map((parts) => parts.join(''));
}

/** A JSON value whose keys and leaves are mostly these. */
export function nested(keys: readonly string[], leaves: readonly unknown[]): fc.Arbitrary<unknown> {
  const key = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: hostileText });
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      fc.constantFrom<unknown>(...leaves),
      hostileText,
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }));
  return fc.dictionary(key, value, { maxKeys: 5 });
}
