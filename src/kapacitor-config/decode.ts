import { Secret } from '../model/secret.js';
import {
  type Configuration,
  type Field,
  fields,
  folded,
  isRead,
  knownField,
  knownSection,
  type Origin,
  type Section,
  variableOf,
} from './fields.js';
import { parseDuration } from '../go-compat/duration.js';
import { formatFloat, parseBool, parseInteger, quoteText } from '../go-compat/strconv.js';
import type { Document, KeyPath, Slot, SyntaxFault, Value } from './toml/document.js';
import type { KapacitorVersion, VersionRules } from '../model/kapacitor-versions.js';

type Plain = string | bigint | boolean;

interface DraftSetting {
  readonly value: Plain;
  readonly origin: Origin;
}

const zero: Readonly<Record<Field['type'], Plain>> = { boolean: false, string: '', integer: 0n, duration: 0n };

/** The settings while file and environment are laid over the defaults; numbers are still exact. */
export class Draft {
  readonly #settings = new Map<Field, DraftSetting>();

  get(field: Field): DraftSetting {
    const standard: DraftSetting = { value: field.standard ?? zero[field.type], origin: { from: 'default' } };
    return this.#settings.get(field) ?? standard;
  }

  set(field: Field, value: Plain, origin: Origin): void {
    this.#settings.set(field, { value, origin });
  }

  finish(): Configuration {
    // The table of fields holds the type of each value.
    return { http: this.#section('http'), auth: this.#section('auth') } as Configuration;
  }

  #section(section: Section): Readonly<Record<string, { value: unknown; origin: Origin }>> {
    return Object.fromEntries(
      Object.entries<Field>(fields[section]).map(([name, field]) => {
        const { value, origin } = this.get(field);
        const plain = typeof value === 'bigint' ? Number(value) : value;
        return [name, { value: field.isSecret && typeof plain === 'string' ? new Secret(plain) : plain, origin }];
      }),
    );
  }
}

export interface RefusalDetails {
  /** The line that the message tells. */
  readonly line?: number | undefined;
  /** The variable of the environment whose value is refused. */
  readonly variable?: string | undefined;
  /** A piece of a secret's value that the message repeats: to be masked wherever the message is shown. */
  readonly secretPiece?: string | undefined;
  /** The words of this version are not known from the `…` in the message on: what 1.8 says there. */
  readonly inexact?: string | undefined;
}

/** The daemon does not start: its own message, and what it is about. */
export class Refusal extends Error {
  readonly details: RefusalDetails;

  constructor(message: string, details: RefusalDetails = {}) {
    super(message);
    this.name = 'Refusal';
    this.details = details;
  }
}

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
function fileRefusal(path: KeyPath, fault: string, isPlaced: boolean): Refusal {
  const line = path.line === 0 ? '' : `line ${path.line} `;
  const place = isPlaced ? `toml: ${line}(last key ${quoteText(path.toString())}): ` : '';
  return new Refusal(`parse config: ${place}${fault}`, { line: path.line === 0 ? undefined : path.line });
}

function mismatch(path: KeyPath, value: Value, wanted: string, rules: VersionRules): Refusal {
  const has = goType(value.type, rules);
  if (!rules.tomlLines)
    return fileRefusal(path, `toml: cannot load TOML value of type ${has} into a Go ${wanted}`, false);
  return fileRefusal(path, `incompatible types: TOML value has type ${has}; destination has type ${wanted}`, true);
}

function noTable(path: KeyPath, value: Value, section: Section, rules: VersionRules): Refusal {
  const fault = `type mismatch for ${structures[section]}: expected table but found ${goType(value.type, rules)}`;
  return rules.tomlLines ? fileRefusal(path, fault, true) : fileRefusal(path, `toml: ${fault}`, false);
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
function fileValue(
  path: KeyPath,
  field: Field,
  value: Value,
  rules: VersionRules,
): string | bigint | boolean | undefined {
  if (field.type === 'duration') {
    const text = durationText(path, value, rules);
    if (text === '') return undefined;
    const { nanoseconds, error } = parseDuration(text);
    if (error !== undefined) throw fileRefusal(path, error, rules.tomlDurations);
    return nanoseconds;
  }
  if (value.type === field.type) return value.value;
  throw mismatch(path, value, field.type, rules);
}

function decodeField(draft: Draft, path: KeyPath, field: Field, slot: Slot, rules: VersionRules): void {
  const value = fileValue(path, field, slot.value, rules);
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

/** A field that no file can set; its key in the daemon is `-`, so that its variable ends in two underscores. */
const compression: Field = { key: '-', goName: 'GZIP', type: 'boolean' };

function variableRefusal(variable: string, field: Field, type: string, text: string): Refusal {
  const what = `failed to apply ${variable} to ${field.goName} using type ${type} and value '${text}'`;
  return new Refusal(`apply env config: ${what}`, { variable });
}

function variableValue(variable: string, field: Field, text: string): string | bigint | boolean {
  switch (field.type) {
    case 'string':
      return text;
    case 'boolean': {
      const value = parseBool(text);
      if (value === undefined) throw variableRefusal(variable, field, 'bool', text);
      return value;
    }
    case 'integer': {
      const value = parseInteger(text);
      if (value === undefined) throw variableRefusal(variable, field, 'int', text);
      return value;
    }
    case 'duration': {
      const { nanoseconds, error } = parseDuration(text);
      if (error === undefined) return nanoseconds;
      throw new Refusal(`apply env config: failed to unmarshal env var: ${error}`, { variable });
    }
  }
}

/** Lays the variables over the file, in the daemon's order; an empty one counts as unset (server/config.go). */
export function applyEnvironment(draft: Draft, env: ReadonlyMap<string, string>, version: KapacitorVersion): void {
  for (const section of ['auth', 'http'] as const) {
    const all = Object.values<Field>(fields[section]).filter((field) => isRead(field, version));
    for (const field of section === 'http' ? [...all, compression] : all) {
      const name = variableOf(section, field);
      const text = env.get(name) ?? '';
      if (text !== '') draft.set(field, variableValue(name, field, text), { from: 'environment', name });
    }
  }
}
