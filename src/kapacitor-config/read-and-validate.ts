import { parsePort } from '../go-compat/net.js';
import { parseDecimal } from '../go-compat/strconv.js';
import {
  applyEnvironment,
  ConfigBuilder,
  decodeToml,
  StartError,
  type StartErrorDetails,
  syntaxStartError,
  typeMismatch,
} from './decode.js';
import {
  type ConfigField,
  configFields,
  type ConfigSection,
  type Configuration,
  findField,
  findSection,
  foldCase,
  isListSection,
} from './fields.js';
import { parseToml } from './toml/parse.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';
import type { KeyText, TomlSyntaxError } from './toml/document.js';

const minCost = 4n;

function costError(builder: ConfigBuilder): string | undefined {
  if (builder.get(configFields.auth.enabled).value !== true) return undefined;
  const cost = builder.get(configFields.auth.bcryptCost).value;
  if (typeof cost !== 'bigint' || cost >= minCost) return undefined;
  return `auth: must provide a bcrypt cost >= ${minCost}, got ${cost}`;
}

/** An empty port is valid: the daemon then listens on any port. */
function addressError(builder: ConfigBuilder): string | undefined {
  const address = String(builder.get(configFields.http.bindAddress).value);
  const parsed = parsePort(address);
  if ('error' in parsed) return `http: invalid http bind address ${address}: ${parsed.error}`;
  if (parsed.port === '') return undefined;
  const port = parseDecimal(parsed.port);
  if (typeof port === 'string') return `http: invalid http bind address port ${parsed.port}: ${port}`;
  return port > 65535n || port < 0n ? `http: invalid http bind address port ${port}: out of range` : undefined;
}

function invalidConfiguration(fault: string): string {
  const hint = 'To generate a valid configuration file run `kapacitord config > kapacitor.generated.conf`.';
  return `create server: invalid configuration: ${fault}. ${hint}`;
}

/** The daemon's own checks that need no files (server/config.go, Validate). */
function validate(builder: ConfigBuilder): void {
  const fault = costError(builder) ?? addressError(builder);
  if (fault !== undefined) throw new StartError(invalidConfiguration(fault));
}

export type ConfigResult =
  | { readonly starts: true; readonly configuration: Configuration }
  | ({ readonly starts: false; readonly message: string } & StartErrorDetails);

/**
 * The configuration that the daemon uses: the file, overridden by the environment, then the checks that need no files.
 * If the daemon does not start, its own message. Never throws, for any file and environment.
 */
export function readConfiguration(
  file: string | Uint8Array,
  env: ReadonlyMap<string, string>,
  version: KapacitorVersion = defaultVersion,
): ConfigResult {
  try {
    const builder = new ConfigBuilder();
    const document = parseToml(file, version);
    if (document.fault !== undefined) throw syntaxStartError(document.fault, version);
    decodeToml(builder, document, version);
    applyEnvironment(builder, env, version);
    validate(builder);
    return { starts: true, configuration: builder.finish() };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { starts: false, message: error.message, ...error.details };
  }
}

/** A startup error in a part of the file other than [http] and [auth]. */
export interface OtherSectionFault {
  readonly is: 'section-not-list' | 'data-dir-missing';
  readonly message: string;
  readonly line?: number;
}

/**
 * Startup errors in the rest of a file (server/config.go): a list section such as `[[influxdb]]` written as a table, no
 * `data_dir`, an empty `hostname`. Only for an existing file: without one the daemon has defaults. In the daemon's
 * order. Scenarios and vectors do not cover them.
 */
export function otherSectionFaults(
  file: string | Uint8Array,
  env: ReadonlyMap<string, string>,
  version: KapacitorVersion = defaultVersion,
): readonly OtherSectionFault[] {
  const { root, fault } = parseToml(file, version);
  if (fault !== undefined || root.holder.type !== 'table') return [];
  const { slots } = root.holder;
  const faults: OtherSectionFault[] = [];
  for (const [name, { key, value }] of slots) {
    const isList = value.type === 'tables' || value.type === 'array';
    if (isListSection(name) && !isList) {
      const { message } = typeMismatch(root.path.child(name), value, 'slice', version.rules);
      faults.push({ is: 'section-not-list', message, line: key.line });
    }
  }
  const slotsByKey = new Map([...slots].map(([name, slot]) => [foldCase(name), slot] as const));
  const isEmpty = (key: string, defaultValue: string): boolean => {
    const value = slotsByKey.get(key)?.value;
    const text = value === undefined ? defaultValue : value.type === 'string' ? value.value : '?';
    return (env.get(`KAPACITOR_${key.toUpperCase()}`) || text) === '';
  };
  const invalid = (setting: string): OtherSectionFault => ({
    is: 'data-dir-missing',
    message: invalidConfiguration(`must configure valid ${setting}`),
  });
  if (isEmpty('hostname', 'localhost')) faults.push(invalid('hostname'));
  if (isEmpty('data_dir', '')) faults.push(invalid('data dir'));
  return faults;
}

/** A table header; `text` includes the brackets. */
interface WrittenSection {
  /** Parts of its name, unquoted. */
  readonly names: readonly string[];
  readonly isArray: boolean;
  /** The section that the daemon reads it as. */
  readonly known: ConfigSection | undefined;
  readonly text: KeyText;
}

/** A key of a section, or a top-level key (then `section` is empty), with its value as written. */
export interface WrittenKey {
  /** Section and key without quotes; `key` is the part below the section. */
  readonly section: string;
  readonly key: string;
  readonly knownSection: ConfigSection | undefined;
  /** The field that the daemon reads it as. */
  readonly field: ConfigField | undefined;
  /** The key as written, with dots and quotes. */
  readonly text: KeyText;
  readonly value: { readonly raw: string; readonly start: number; readonly end: number };
  readonly isInline: boolean;
}

/**
 * Sections and keys of a file with their positions, as the daemon's parser reads them, in file order up to the first
 * error. Offsets are in `text`, the file decoded as UTF-8.
 */
export interface ConfigOutline {
  readonly text: string;
  readonly sections: readonly WrittenSection[];
  /** Without keys deeper than a section. */
  readonly keys: readonly WrittenKey[];
  readonly fault: TomlSyntaxError | undefined;
  /** The version that it is read for. */
  readonly version: KapacitorVersion;
}

/** Reads the outline of a file, whether or not the daemon would start with it. */
export function outlineConfig(file: string | Uint8Array, version: KapacitorVersion = defaultVersion): ConfigOutline {
  const { text, headers, entries, fault } = parseToml(file, version);
  const sections = headers.map(({ parts, isArray, text: headerText }) => {
    const names = parts.map((part) => part.name);
    return { names, isArray, known: names.length === 1 ? findSection(names[0] ?? '') : undefined, text: headerText };
  });
  const keys = entries
    .filter(({ path }) => path.depth <= 2)
    .map(({ path, key, value, isInline }) => {
      const section = path.depth === 2 ? (path.parent?.name ?? '') : '';
      const knownSection = path.depth === 2 ? findSection(section) : undefined;
      const field = knownSection === undefined ? undefined : findField(knownSection, path.name, version);
      const raw = text.slice(value.start, value.end);
      return {
        section,
        key: path.name,
        knownSection,
        field,
        text: key,
        value: { ...value, raw },
        isInline,
      };
    });
  return { text, sections, keys, fault, version };
}
