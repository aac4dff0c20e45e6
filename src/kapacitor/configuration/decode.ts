import { parseDuration } from '../go/duration.js';
import { formatFloat } from '../go/numbers.js';
import { quoteText } from '../go/quote.js';
import type { Draft } from './draft.js';
import type { Field, Section } from './fields.js';
import { folded, knownField, knownSection } from './known.js';
import { Refusal } from './refusal.js';
import type { Document, SyntaxFault } from './toml/document.js';
import type { KeyPath } from './toml/key-path.js';
import type { Slot, Value } from './toml/value.js';

const goTypes: Readonly<Record<Value['type'], string>> = {
  string: 'string',
  integer: 'int64',
  float: 'float64',
  boolean: 'bool',
  datetime: 'time.Time',
  array: '[]any',
  table: 'map[string]any',
  tables: '[]map[string]any',
};

const structures: Readonly<Record<Section, string>> = { http: 'httpd.Config', auth: 'auth.Config' };

function refusal(path: KeyPath, fault: string): Refusal {
  const line = path.line === 0 ? '' : `line ${path.line} `;
  const message = `parse config: toml: ${line}(last key ${quoteText(path.toString())}): ${fault}`;
  return new Refusal(message, { line: path.line === 0 ? undefined : path.line });
}

function mismatch(path: KeyPath, value: Value, wanted: string): Refusal {
  const has = goTypes[value.type];
  return refusal(path, `incompatible types: TOML value has type ${has}; destination has type ${wanted}`);
}

/** A value as the text that a duration is read from. */
function durationText(path: KeyPath, value: Value): string {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'integer':
    case 'boolean':
      return String(value.value);
    case 'float':
      return formatFloat(value.value);
    case 'datetime':
      if ('error' in value.value) throw new Refusal(`parse config: ${value.value.error}`);
      return value.value.text;
    default:
      throw mismatch(path, value, 'primitive (string-like)');
  }
}

/** The value of a field; undefined where an empty duration leaves it as it was. */
function fieldValue(path: KeyPath, field: Field, value: Value): string | bigint | boolean | undefined {
  if (field.type === 'duration') {
    const text = durationText(path, value);
    if (text === '') return undefined;
    const { nanoseconds, error } = parseDuration(text);
    if (error !== undefined) throw refusal(path, error);
    return nanoseconds;
  }
  if (value.type === field.type) return value.value;
  throw mismatch(path, value, field.type);
}

function decodeField(draft: Draft, path: KeyPath, field: Field, slot: Slot): void {
  const value = fieldValue(path, field, slot.value);
  if (value === undefined) return;
  const { line, column, spelt } = slot.key;
  draft.set(field, value, { from: 'file', line, column, key: spelt });
}

/**
 * Lays a file that parsed over the defaults (BurntSushi/toml, decode.go). Of several faults the daemon tells any one,
 * and of one field under several spellings it takes any one: here the first fault and the last spelling.
 */
export function decodeDocument(draft: Draft, document: Document): void {
  const { holder, path: root } = document.root;
  if (holder.type !== 'table') return;
  for (const [name, { value }] of holder.slots) {
    const section = knownSection(name);
    if (section === undefined) continue;
    const path = root.child(name);
    if (value.type !== 'table') {
      throw refusal(path, `type mismatch for ${structures[section]}: expected table but found ${goTypes[value.type]}`);
    }
    for (const [key, slot] of value.slots) {
      const field = knownField(section, key);
      if (field !== undefined) decodeField(draft, path.child(key), field, slot);
    }
  }
}

const secretKeys = ['shared-secret', 'meta-password'];

/** What the daemon says to a file that does not parse. */
export function syntaxRefusal({ message, line, lastKey, piece }: SyntaxFault): Refusal {
  const isSecret = secretKeys.some((key) => folded(lastKey).endsWith(key));
  return new Refusal(`parse config: ${message}`, { line, secretPiece: isSecret ? piece : undefined });
}
