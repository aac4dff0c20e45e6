import { excerpt } from '../../model/text.js';
import type { Shape } from '../../diagnostics/doctor/facts.js';

const fieldName = /^[A-Za-z][A-Za-z0-9_]{0,40}$/;
const maxFields = 100;

/** The shapes that differ from each other. */
function distinct(shapes: readonly Shape[]): readonly Shape[] {
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}

/** The names that a text from a server must not show. */
export type NameMask = ReadonlySet<string>;

/**
 * The shape of a JSON value. A key that may be a name (it is one, or does not look like a field) is `*`; of an array
 * the shapes that differ are kept.
 */
export function describeShape(value: unknown, names: NameMask): Shape {
  if (value === null) return 'null';
  if (Array.isArray(value)) return distinct(value.map((item) => describeShape(item, names)));
  if (typeof value === 'string') return value === '' ? 'empty string' : 'string';
  if (typeof value !== 'object') return typeof value;
  const shape: Record<string, Shape> = {};
  for (const [key, item] of Object.entries(value).slice(0, maxFields)) {
    const isField = fieldName.test(key) && !names.has(key);
    Object.defineProperty(shape, isField ? key : '*', {
      value: describeShape(item, names),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return shape;
}

const maxTextLength = 160;

/** Addresses, numbers, hashes, tokens. */
const isOpaque = /[@$/\\]|[\w\]][.:][\w[]|\d{4}|^.{25}/;

/** The message of a server without quoted texts, addresses and names. */
export function maskText(text: string, names: NameMask): string {
  const plain = text
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '<text>')
    .replace(/\S+/g, (word) => (isOpaque.test(word) ? '<text>' : word))
    .replace(/[\p{L}\p{N}_+-]+/gu, (word) => (names.has(word) ? '<name>' : word));
  return excerpt(plain, maxTextLength);
}
