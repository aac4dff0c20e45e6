import { parseDuration } from '../../go-compat/duration.js';
import { formatFloat, quoteText } from '../../go-compat/strconv.js';
import type { Draft } from './draft.js';
import type { Field, Section } from './fields.js';
import { folded, knownField, knownSection } from './known.js';
import { Refusal } from './refusal.js';
import type { Document, SyntaxFault } from './toml/document.js';
import type { KeyPath } from './toml/key-path.js';
import type { Slot, Value } from './toml/value.js';
import type { KapacitorVersion, VersionRules } from '../../model/kapacitor-versions.js';

/** What the daemon calls the type of a value. */
export const goTypes: Readonly<Record<Value['type'], string>> = {
  string: 'string',
  integer: 'int64',
  float: 'float64',
  boolean: 'bool',
  datetime: 'time.Time',
  array: '[]any',
  table: 'map[string]any',
  tables: '[]map[string]any',
};

function goType(type: Value['type'], { tomlAny }: VersionRules): string {
  return tomlAny ? goTypes[type] : goTypes[type].replace('any', 'interface {}');
}

const structures: Readonly<Record<Section, string>> = { http: 'httpd.Config', auth: 'auth.Config' };

/** A refusal with its line and key, where the daemon tells them. */
function refusal(path: KeyPath, fault: string, isPlaced: boolean): Refusal {
  const line = path.line === 0 ? '' : `line ${path.line} `;
  const place = isPlaced ? `toml: ${line}(last key ${quoteText(path.toString())}): ` : '';
  return new Refusal(`parse config: ${place}${fault}`, { line: path.line === 0 ? undefined : path.line });
}

function mismatch(path: KeyPath, value: Value, wanted: string, rules: VersionRules): Refusal {
  const has = goType(value.type, rules);
  if (!rules.tomlLines) return refusal(path, `toml: cannot load TOML value of type ${has} into a Go ${wanted}`, false);
  return refusal(path, `incompatible types: TOML value has type ${has}; destination has type ${wanted}`, true);
}

function noTable(path: KeyPath, value: Value, section: Section, rules: VersionRules): Refusal {
  const fault = `type mismatch for ${structures[section]}: expected table but found ${goType(value.type, rules)}`;
  return rules.tomlLines ? refusal(path, fault, true) : refusal(path, `toml: ${fault}`, false);
}

/** A value as the text that a duration is read from. */
function durationText(path: KeyPath, value: Value, rules: VersionRules): string {
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
      throw mismatch(path, value, 'primitive (string-like)', rules);
  }
}

/** The value of a field; undefined where an empty duration leaves it as it was. */
function fieldValue(
  path: KeyPath,
  field: Field,
  value: Value,
  rules: VersionRules,
): string | bigint | boolean | undefined {
  if (field.type === 'duration') {
    const text = durationText(path, value, rules);
    if (text === '') return undefined;
    const { nanoseconds, error } = parseDuration(text);
    if (error !== undefined) throw refusal(path, error, rules.tomlDurations);
    return nanoseconds;
  }
  if (value.type === field.type) return value.value;
  throw mismatch(path, value, field.type, rules);
}

function decodeField(draft: Draft, path: KeyPath, field: Field, slot: Slot, rules: VersionRules): void {
  const value = fieldValue(path, field, slot.value, rules);
  if (value === undefined) return;
  const { line, column, spelt } = slot.key;
  draft.set(field, value, { from: 'file', line, column, key: spelt });
}

/**
 * Lays a file that parsed over the defaults (BurntSushi/toml, decode.go). Of several faults the daemon tells any one,
 * and of one field under several spellings it takes any one: here the first fault and the last spelling.
 */
export function decodeDocument(draft: Draft, document: Document, version: KapacitorVersion): void {
  const { holder, path: root } = document.root;
  if (holder.type !== 'table') return;
  for (const [name, { value }] of holder.slots) {
    const section = knownSection(name);
    if (section === undefined) continue;
    const path = root.child(name);
    if (value.type !== 'table') {
      throw noTable(path, value, section, version.rules);
    }
    for (const [key, slot] of value.slots) {
      const field = knownField(section, key, version);
      if (field !== undefined) decodeField(draft, path.child(key), field, slot, version.rules);
    }
  }
}

const secretKeys = ['shared-secret', 'meta-password'];

/**
 * What the daemon says to a file that does not parse. Of a version whose parser is not modelled word for word only the
 * beginning is known, and the line is that of 1.8, which can differ by one; `…` stands for the rest.
 */
export function syntaxRefusal(fault: SyntaxFault, { rules }: KapacitorVersion): Refusal {
  const { message, line, lastKey, piece } = fault;
  const isSecret = secretKeys.some((key) => folded(lastKey).endsWith(key));
  if (rules.tomlAny) {
    return new Refusal(`parse config: ${message}`, { line, secretPiece: isSecret ? piece : undefined });
  }
  const start = rules.tomlLines ? `toml: line ${line}` : `Near line ${line} (last key parsed '${lastKey}')`;
  return new Refusal(`parse config: ${start}: …`, { line, inexact: message.replace(/^toml: line .*?: /s, '') });
}
