import { Secret } from '../model/secret.js';
import {
  type ConfigField,
  configFields,
  type ConfigOrigin,
  type ConfigSection,
  type Configuration,
  findField,
  findSection,
  foldCase,
  isSupported,
  variableName,
} from './fields.js';
import { parseGoDuration } from '../go-compat/duration.js';
import { formatFloat, parseBool, parseInteger, quoteText } from '../go-compat/strconv.js';
import type { KeyPath, TomlDocument, TomlSlot, TomlSyntaxError, TomlValue } from './toml/document.js';
import type { KapacitorVersion, VersionRules } from '../model/kapacitor-versions.js';

type PlainValue = string | bigint | boolean;

interface PendingSetting {
  readonly value: PlainValue;
  readonly origin: ConfigOrigin;
}

const zero: Readonly<Record<ConfigField['type'], PlainValue>> = {
  boolean: false,
  string: '',
  integer: 0n,
  duration: 0n,
};

/** The settings while file and environment are applied over the defaults; numbers are still exact. */
export class ConfigBuilder {
  readonly #settings = new Map<ConfigField, PendingSetting>();

  get(field: ConfigField): PendingSetting {
    const fallback: PendingSetting = { value: field.defaultValue ?? zero[field.type], origin: { from: 'default' } };
    return this.#settings.get(field) ?? fallback;
  }

  set(field: ConfigField, value: PlainValue, origin: ConfigOrigin): void {
    this.#settings.set(field, { value, origin });
  }

  finish(): Configuration {
    // The table of fields holds the type of each value.
    return { http: this.#section('http'), auth: this.#section('auth') } as Configuration;
  }

  #section(section: ConfigSection): Readonly<Record<string, { value: unknown; origin: ConfigOrigin }>> {
    return Object.fromEntries(
      Object.entries<ConfigField>(configFields[section]).map(([name, field]) => {
        const { value, origin } = this.get(field);
        const plain = typeof value === 'bigint' ? Number(value) : value;
        return [name, { value: field.isSecret && typeof plain === 'string' ? new Secret(plain) : plain, origin }];
      }),
    );
  }
}

export interface StartErrorDetails {
  /** The line in the message. */
  readonly line?: number | undefined;
  /** The environment variable whose value is rejected. */
  readonly variable?: string | undefined;
  /** Part of a secret that the message repeats: redact it wherever the message is printed. */
  readonly secretPiece?: string | undefined;
  /** The wording of this version is unknown after the `…` in the message; this is the wording of 1.8. */
  readonly inexact?: string | undefined;
}

/** The daemon does not start: its own message, with details. */
export class StartError extends Error {
  readonly details: StartErrorDetails;

  constructor(message: string, details: StartErrorDetails = {}) {
    super(message);
    this.name = 'Refusal';
    this.details = details;
  }
}

/** Go's name of the type of a value. */
const goTypes: Readonly<Record<TomlValue['type'], string>> = {
  string: 'string',
  integer: 'int64',
  float: 'float64',
  boolean: 'bool',
  datetime: 'time.Time',
  array: '[]any',
  table: 'map[string]any',
  tables: '[]map[string]any',
};

function goType(type: TomlValue['type'], { tomlAny }: VersionRules): string {
  return tomlAny ? goTypes[type] : goTypes[type].replace('any', 'interface {}');
}

const structures: Readonly<Record<ConfigSection, string>> = { http: 'httpd.Config', auth: 'auth.Config' };

/** A startup error with its line and key, if the daemon reports them. */
function fileError(path: KeyPath, fault: string, isPlaced: boolean): StartError {
  const line = path.line === 0 ? '' : `line ${path.line} `;
  const place = isPlaced ? `toml: ${line}(last key ${quoteText(path.toString())}): ` : '';
  return new StartError(`parse config: ${place}${fault}`, { line: path.line === 0 ? undefined : path.line });
}

/** The startup error for a value of a wrong type; `expected` is Go's name of the right one. */
export function typeMismatch(path: KeyPath, value: TomlValue, expected: string, rules: VersionRules): StartError {
  const actual = goType(value.type, rules);
  if (!rules.tomlLines)
    return fileError(path, `toml: cannot load TOML value of type ${actual} into a Go ${expected}`, false);
  return fileError(path, `incompatible types: TOML value has type ${actual}; destination has type ${expected}`, true);
}

function notTableError(path: KeyPath, value: TomlValue, section: ConfigSection, rules: VersionRules): StartError {
  const fault = `type mismatch for ${structures[section]}: expected table but found ${goType(value.type, rules)}`;
  return rules.tomlLines ? fileError(path, fault, true) : fileError(path, `toml: ${fault}`, false);
}

/** A value as the string from which a duration is parsed. */
function durationText(path: KeyPath, value: TomlValue, rules: VersionRules): string {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'integer':
    case 'boolean':
      return String(value.value);
    case 'float':
      return formatFloat(value.value);
    case 'datetime':
      if ('error' in value.value) throw new StartError(`parse config: ${value.value.error}`);
      return value.value.text;
    default:
      throw typeMismatch(path, value, 'primitive (string-like)', rules);
  }
}

/** The value of a field; undefined if an empty duration leaves it unchanged. */
function fileValue(
  path: KeyPath,
  field: ConfigField,
  value: TomlValue,
  rules: VersionRules,
): string | bigint | boolean | undefined {
  if (field.type === 'duration') {
    const text = durationText(path, value, rules);
    if (text === '') return undefined;
    const { nanoseconds, error } = parseGoDuration(text);
    if (error !== undefined) throw fileError(path, error, rules.tomlDurations);
    return nanoseconds;
  }
  if (value.type === field.type) return value.value;
  throw typeMismatch(path, value, field.type, rules);
}

function decodeField(
  builder: ConfigBuilder,
  path: KeyPath,
  field: ConfigField,
  slot: TomlSlot,
  rules: VersionRules,
): void {
  const value = fileValue(path, field, slot.value, rules);
  if (value === undefined) return;
  const { line, column, spelt } = slot.key;
  builder.set(field, value, { from: 'file', line, column, key: spelt });
}

/**
 * Applies a parsed file over the defaults (BurntSushi/toml, decode.go). Of several errors the daemon reports any one,
 * and of several spellings of a field it uses any one: here the first error and the last spelling.
 */
export function decodeToml(builder: ConfigBuilder, document: TomlDocument, version: KapacitorVersion): void {
  const { holder, path: root } = document.root;
  if (holder.type !== 'table') return;
  for (const [name, { value }] of holder.slots) {
    const section = findSection(name);
    if (section === undefined) continue;
    const path = root.child(name);
    if (value.type !== 'table') {
      throw notTableError(path, value, section, version.rules);
    }
    for (const [key, slot] of value.slots) {
      const field = findField(section, key, version);
      if (field !== undefined) decodeField(builder, path.child(key), field, slot, version.rules);
    }
  }
}

const secretKeys = ['shared-secret', 'meta-password'];

/**
 * The daemon's message for a file that does not parse. For versions whose parser is not modelled word for word, only
 * the start is known, with the line of 1.8, which can differ by one; `…` stands for the rest.
 */
export function syntaxStartError(fault: TomlSyntaxError, { rules }: KapacitorVersion): StartError {
  const { message, text, line, lastKey, piece, isUtf16 } = fault;
  const isSecret = secretKeys.some((key) => foldCase(lastKey).endsWith(key));
  if (rules.tomlAny) {
    return new StartError(`parse config: ${message}`, { line, secretPiece: isSecret ? piece : undefined });
  }
  if (isUtf16 && !rules.tomlLines) return new StartError(`parse config: ${text}`, { line });
  const start = rules.tomlLines ? `toml: line ${line}` : `Near line ${line} (last key parsed '${lastKey}')`;
  return new StartError(`parse config: ${start}: …`, { line, inexact: text });
}

/** A field that no file can set: its key in the daemon is `-`, so its variable ends in two underscores. */
const compression: ConfigField = { key: '-', goName: 'GZIP', type: 'boolean' };

function variableError(variable: string, field: ConfigField, type: string, text: string): StartError {
  const failure = `failed to apply ${variable} to ${field.goName} using type ${type} and value '${text}'`;
  return new StartError(`apply env config: ${failure}`, { variable });
}

function variableValue(variable: string, field: ConfigField, text: string): string | bigint | boolean {
  switch (field.type) {
    case 'string':
      return text;
    case 'boolean': {
      const value = parseBool(text);
      if (value === undefined) throw variableError(variable, field, 'bool', text);
      return value;
    }
    case 'integer': {
      const value = parseInteger(text);
      if (value === undefined) throw variableError(variable, field, 'int', text);
      return value;
    }
    case 'duration': {
      const { nanoseconds, error } = parseGoDuration(text);
      if (error === undefined) return nanoseconds;
      throw new StartError(`apply env config: failed to unmarshal env var: ${error}`, { variable });
    }
  }
}

/** Applies the variables over the file, in the daemon's order; an empty one counts as unset (server/config.go). */
export function applyEnvironment(
  builder: ConfigBuilder,
  env: ReadonlyMap<string, string>,
  version: KapacitorVersion,
): void {
  if (env.size === 0) return;
  for (const section of ['auth', 'http'] as const) {
    const all = Object.values<ConfigField>(configFields[section]).filter((field) => isSupported(field, version));
    for (const field of section === 'http' ? [...all, compression] : all) {
      const name = variableName(section, field);
      const text = env.get(name) ?? '';
      if (text !== '') builder.set(field, variableValue(name, field, text), { from: 'environment', name });
    }
  }
}
