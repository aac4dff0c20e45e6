import {
  type ConfigField,
  configFields,
  type ConfigSection,
  type Configuration,
  fieldOfVariable,
  variableName,
} from '../../kapacitor-config/fields.js';
import {
  type ConfigOutline,
  type ConfigResult,
  type OtherSectionFault,
  otherSectionFaults,
  outlineConfig,
  readConfiguration,
  type WrittenKey,
} from '../../kapacitor-config/read-and-validate.js';
import { defaultVersion, type KapacitorVersion } from '../../model/kapacitor-versions.js';
import { applyTextEdits, type Edit } from './edit.js';

type Refused = Extract<ConfigResult, { starts: false }>;

/** What the daemon refuses: its message, and what that is about. */
export interface ConfigRefusal {
  readonly about: 'file' | 'key' | 'variable' | 'bcrypt-cost' | 'bind-address' | OtherSectionFault['is'];
  readonly refused: Refused;
  readonly key?: WrittenKey;
}

/** The part of a configuration that can be read. */
export interface LenientResult {
  readonly file: ConfigOutline;
  /** In the order in which the daemon would report them, if each one were fixed. */
  readonly refusals: readonly ConfigRefusal[];
  /** What the daemon would use without the values that it refuses; undefined where the file cannot be read at all. */
  readonly configuration: Configuration | undefined;
  /** The fields whose values are refused. */
  readonly unknown: ReadonlySet<ConfigField>;
}

const none: ReadonlyMap<string, string> = new Map();
const zeroLiterals: Readonly<Record<ConfigField['type'], string>> = {
  boolean: 'false',
  string: '""',
  integer: '0',
  duration: '"0s"',
};

/** Whether the daemon can use every value; it may still refuse what they are together. */
function isParsed(result: ConfigResult): boolean {
  return result.starts || !result.message.startsWith('parse config: ');
}

function refusedValue({ knownSection, field, value }: WrittenKey, version: KapacitorVersion): boolean {
  if (knownSection === undefined || field === undefined) return false;
  return !isParsed(readConfiguration(`[${knownSection}]\n${field.key} = ${value.raw}\n`, none, version));
}

/** The file without some keys; all that is left keeps its line. */
function without(file: ConfigOutline, keys: readonly WrittenKey[]): string {
  const edits = keys.map(({ text, value, field, isInline }): Edit => {
    if (isInline) return { start: value.start, end: value.end, text: zeroLiterals[field?.type ?? 'string'] };
    return { start: text.start, end: value.end, text: value.raw.replace(/[^\n]/g, '') };
  });
  return applyTextEdits(file.text, edits);
}

interface SettingOverride {
  readonly section: ConfigSection;
  readonly field: ConfigField;
  readonly value: string;
}

const { bcryptCost } = configFields.auth;
const { bindAddress } = configFields.http;
const overrides: Readonly<Record<'bcrypt-cost' | 'bind-address', SettingOverride>> = {
  'bcrypt-cost': { section: 'auth', field: bcryptCost, value: '10' },
  'bind-address': { section: 'http', field: bindAddress, value: bindAddress.defaultValue },
};

function checkFault({ message }: Refused): 'bcrypt-cost' | 'bind-address' | undefined {
  if (message.startsWith('create server: invalid configuration: auth: ')) return 'bcrypt-cost';
  return message.startsWith('create server: invalid configuration: http: ') ? 'bind-address' : undefined;
}

const maxRefusals = 40;

/** What is known beside file and environment. */
interface LenientOptions {
  /** Variables whose values are not known here. */
  readonly unknownVariables?: readonly string[];
  /** There is a file: its other sections are judged as well. */
  readonly isFile?: boolean;
  /** The Kapacitor that reads it. */
  readonly version?: KapacitorVersion | undefined;
}

function restRefusals(
  content: string | Uint8Array,
  variables: ReadonlyMap<string, string>,
  version: KapacitorVersion,
): ConfigRefusal[] {
  return otherSectionFaults(content, variables, version).map(({ is, message, line }) => {
    return { about: is, refused: { starts: false, message, line } };
  });
}

/** Each refused key, with what the daemon says when the others are fixed. */
function keyRefusals(file: ConfigOutline, bad: readonly WrittenKey[], version: KapacitorVersion): ConfigRefusal[] {
  return bad.slice(0, maxRefusals).flatMap((key): ConfigRefusal[] => {
    const reading = readConfiguration(
      without(
        file,
        bad.filter((other) => other !== key),
      ),
      none,
      version,
    );
    return reading.starts ? [] : [{ about: 'key', refused: reading, key }];
  });
}

/**
 * Reads a file and an environment as the daemon does, and goes on where it stops: a value that it refuses is left out.
 * Never throws.
 */
export function parseLeniently(
  content: string | Uint8Array,
  variables: ReadonlyMap<string, string>,
  { unknownVariables = [], isFile = false, version: given }: LenientOptions = {},
): LenientResult {
  const version = given ?? defaultVersion;
  const file = outlineConfig(content, version);
  const whole = readConfiguration(content, none, version);
  const bad = isParsed(whole) ? [] : file.keys.filter((key) => refusedValue(key, version));
  const refusals: ConfigRefusal[] = file.fault === undefined ? keyRefusals(file, bad, version) : [];
  if (isFile) refusals.push(...restRefusals(content, variables, version));
  const unknown = new Set([
    ...bad.flatMap(({ field }) => field ?? []),
    ...unknownVariables.flatMap((name) => fieldOfVariable.get(name)?.field ?? []),
  ]);
  const text = file.fault !== undefined || bad.length === 0 ? content : without(file, bad);
  const env = new Map(variables);
  for (let tries = env.size + 3; tries > 0; tries--) {
    const reading = readConfiguration(text, env, version);
    if (reading.starts) return { file, refusals, configuration: reading.configuration, unknown };
    const about = reading.variable === undefined ? checkFault(reading) : 'variable';
    if (about === undefined) {
      refusals.push({ about: 'file', refused: reading });
      break;
    }
    const variable = reading.variable ?? '';
    const field = about === 'variable' ? fieldOfVariable.get(variable)?.field : overrides[about].field;
    if (about === 'variable' || field === undefined || !unknown.has(field)) refusals.push({ about, refused: reading });
    if (field !== undefined) unknown.add(field);
    if (about === 'variable') {
      env.delete(variable);
    } else {
      const { section, value } = overrides[about];
      env.set(variableName(section, overrides[about].field), value);
    }
  }
  return { file, refusals, configuration: undefined, unknown };
}
