import { checkOnThisMachine, type DaemonFile } from '../../kapacitor-config/tls-files.js';
import { defaultVersion, differences, type KapacitorVersion } from '../../model/kapacitor-versions.js';
import type { EnvironmentFormat, IgnoredLine } from '../../kapacitor-config/environment-formats.js';
import {
  type ConfigField,
  configFields,
  type ConfigOrigin,
  type ConfigSection,
  type Configuration,
  isSupported,
} from '../../kapacitor-config/fields.js';
import {
  type ConfigOutline,
  otherSectionFaults,
  outlineConfig,
  readConfiguration,
} from '../../kapacitor-config/read-and-validate.js';
import { Secret } from '../../model/secret.js';
import { daemonMessage, inexactProblem, looksSwapped, redactUserinfo } from './redact.js';
import { formatGoDuration } from '../../go-compat/duration.js';
import type { Finding, FindingId, FindingLocation } from '../finding.js';
import type { Edit } from './edit.js';

/** A file of variables: each variable's line, how the file is written, its mode and its text. */
export interface EnvironmentFile {
  readonly lines: ReadonlyMap<string, number>;
  readonly form: EnvironmentFormat;
  readonly mode: number;
  readonly text: string;
}

/** A kapacitor.conf and the environment of the daemon, as they were found. */
export interface ConfigInput {
  readonly file:
    | {
        readonly path: string;
        readonly content: string | Uint8Array;
        readonly mode: number;
        /** Maps a line of `content` to the line of the file as it was read; absent if `content` is that file. */
        readonly lineAsRead?: (line: number) => number;
      }
    | undefined;
  readonly environment: {
    readonly variables: ReadonlyMap<string, string>;
    /** A path, `the shell`, or `--no-env`. */
    readonly from: string;
    /** Variables that begin with KAPACITOR and that the daemon does not read. */
    readonly others: ReadonlyMap<string, string>;
    /** What is known of their file, where they come from one. */
    readonly file?: EnvironmentFile | undefined;
    /** Lines that name a variable of Kapacitor and give the daemon none. */
    readonly dropped: readonly IgnoredLine[];
  };
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The Kapacitor version; default 1.8. */
  readonly version?: KapacitorVersion | undefined;
  /** Used where a shared secret must be made. */
  readonly freshSecret: string;
}

/** A line of the file as the user sees it: `config fix` changes the text before some findings are made. */
export function originalLine({ file }: ConfigInput, line: number): number {
  return file?.lineAsRead?.(line) ?? line;
}

/** A file that the configuration names; the mode is known where it could be read. */
export type ConfigTlsFile = DaemonFile & { readonly mode?: number };

/** What is known of the files that the configuration names, by path. */
export type ConfigTlsFiles = ReadonlyMap<string, ConfigTlsFile>;

const formNames: Readonly<Record<EnvironmentFormat, string>> = {
  systemd: "systemd's form",
  docker: "docker's form",
  compose: 'compose file',
  unit: 'systemd unit',
};

/** The variables as a subject of a report, with how their file was read. */
export function environmentSubject({ file }: ConfigInput['environment']): string {
  return file === undefined ? 'environment' : `environment (${formNames[file.form]})`;
}

/** What the checks read. */
export interface ConfigFacts {
  readonly input: ConfigInput;
  readonly file: ConfigOutline;
  /** What the daemon would use without the values that it refuses. */
  readonly configuration: Configuration;
  /** The fields whose values are refused: nothing is known of them. */
  readonly unknown: ReadonlySet<ConfigField>;
  readonly tlsFiles: ConfigTlsFiles;
}

export type ConfigSettingName = { [S in ConfigSection]: readonly [S, keyof Configuration[S] & string] }[ConfigSection];

function findSetting(
  { configuration }: ConfigFacts,
  [section, name]: ConfigSettingName,
): { field: ConfigField; origin: ConfigOrigin } {
  const field = (configFields[section] as Readonly<Record<string, ConfigField>>)[name];
  const setting = (configuration[section] as Readonly<Record<string, { origin: ConfigOrigin }>>)[name];
  if (field === undefined || setting === undefined) throw new Error(`no setting ${section}.${name}`);
  return { field, ...setting };
}

export function settingField([section, name]: ConfigSettingName): ConfigField {
  const field = (configFields[section] as Readonly<Record<string, ConfigField>>)[name];
  if (field === undefined) throw new Error(`no setting ${section}.${name}`);
  return field;
}

/** Whether a variable decides it, so that no edit of the file can change it. */
export function isFromEnvironment(facts: ConfigFacts, name: ConfigSettingName): boolean {
  return findSetting(facts, name).origin.from === 'environment';
}

/** Where a variable is set. */
export function variableLocation({ environment }: ConfigInput, variable: string): FindingLocation {
  const line = environment.file?.lines.get(variable);
  return { in: 'environment', variable, from: environment.from, ...(line === undefined ? {} : { line }) };
}

/** A place in the file; the file alone where no line is known. */
export function fileLocation(input: ConfigInput, line?: number, column?: number): FindingLocation | undefined {
  const { file } = input;
  if (file === undefined) return undefined;
  const at = {
    ...(line === undefined ? {} : { line: originalLine(input, line) }),
    ...(column === undefined ? {} : { column }),
  };
  return { in: 'file', file: file.path, ...at };
}

/** The header of a section, the file where it has none. */
export function sectionLocation(
  input: ConfigInput,
  file: ConfigOutline,
  section: ConfigSection,
): FindingLocation | undefined {
  const header = file.sections.find(({ known, isArray }) => known === section && !isArray)?.text;
  return fileLocation(input, header?.line, header?.column);
}

/** Where a setting comes from: its line, its variable; of a default the header of its section. */
export function settingLocation(facts: ConfigFacts, name: ConfigSettingName): FindingLocation | undefined {
  const { origin } = findSetting(facts, name);
  if (origin.from === 'environment') return variableLocation(facts.input, origin.name);
  if (origin.from === 'file') return fileLocation(facts.input, origin.line, origin.column);
  return sectionLocation(facts.input, facts.file, name[0]);
}

/** A value fit for a terminal: secrets, and what may be one, are `***`. */
function displayValue(configuration: Configuration, [section, name]: ConfigSettingName): string {
  const field = settingField([section, name] as ConfigSettingName);
  const { value } = (configuration[section] as Readonly<Record<string, { value: unknown }>>)[name] ?? {};
  if (value instanceof Secret) return value.reveal() === '' ? 'empty' : '***';
  if (field.type === 'duration' && typeof value === 'number') return formatGoDuration(value);
  if (typeof value !== 'string') return String(value);
  if (value === '') return 'empty';
  if (field === configFields.auth.metaUsername && looksSwapped(configuration)) return '***';
  return `"${field === configFields.auth.metaAddr ? redactUserinfo(value) : value}"`;
}

function originText(input: ConfigInput, origin: ConfigOrigin): string {
  if (origin.from === 'environment') return origin.name;
  return origin.from === 'file' ? `line ${originalLine(input, origin.line)}` : 'the default';
}

/** A setting as text, with its source: `[auth] enabled is true (line 4)`. */
export function describeSetting(facts: ConfigFacts, name: ConfigSettingName): string {
  const { field, origin } = findSetting(facts, name);
  return `[${name[0]}] ${field.key} is ${displayValue(facts.configuration, name)} (${originText(facts.input, origin)})`;
}

/** That the daemon does not read a field, and which release does; undefined where it reads it. */
export function tooNewFact({ version }: ConfigInput, field: ConfigField, name: string): string | undefined {
  if (version === undefined || field.needs === undefined || isSupported(field, version)) return undefined;
  return `Kapacitor ${version.name} does not read ${name}; it needs ${differences[field.needs].since} or later.`;
}

/** Whether a setting is given at all, in the file or by a variable. */
export function isSet(facts: ConfigFacts, name: ConfigSettingName): boolean {
  return findSetting(facts, name).origin.from !== 'default';
}

/** Whether somebody wants authentication: one of the two switches is on. */
export function intendsAuthentication({ configuration: { http, auth } }: ConfigFacts): boolean {
  return http.authEnabled.value || auth.enabled.value;
}

/** Whether users come from the meta node, or would. */
export function usesMetaNode(facts: ConfigFacts): boolean {
  return intendsAuthentication(facts) && facts.configuration.auth.metaAddr.value !== '';
}

/** A finding, and the edits of the file that fix it, if the intent is certain. */
export interface ConfigFinding {
  readonly finding: Finding;
  readonly edits?: readonly Edit[] | undefined;
}

/** Finds problems of one kind; skipped while one of the fields that it reads is rejected. */
export interface ConfigCheck {
  readonly reads: readonly ConfigField[];
  readonly gives: readonly FindingId[];
  find(facts: ConfigFacts): readonly ConfigFinding[];
}

/** Whether all is known that a check reads. */
export function canRunCheck({ reads }: ConfigCheck, unknown: ReadonlySet<ConfigField>): boolean {
  return reads.every((field) => !unknown.has(field));
}

/** A value that the daemon uses; `text` is fit for a terminal, secrets are `***`. */
export interface EffectiveSetting {
  readonly section: ConfigSection;
  readonly key: string;
  readonly text: string;
  readonly origin: ConfigOrigin;
}

/** What the daemon would use, or what it says where it refuses. */
export interface EffectiveConfig {
  readonly file: string | undefined;
  readonly environment: string;
  /** The word for them, with how their file was read. */
  readonly environmentSubject: string;
  /** None where the configuration cannot be read. */
  readonly settings: readonly EffectiveSetting[];
  readonly refusal: string | undefined;
  /** The problem in words of 1.8, where those of the release are not known. */
  readonly problem?: string;
}

function settingsOf(configuration: Configuration, version: KapacitorVersion): readonly EffectiveSetting[] {
  return (['http', 'auth'] as const).flatMap((section) => {
    const settings = configuration[section] as Readonly<Record<string, { readonly origin: ConfigOrigin }>>;
    const fields = Object.entries<ConfigField>(configFields[section]).filter(([, field]) =>
      isSupported(field, version),
    );
    return fields.map(([name, { key }]): EffectiveSetting => {
      const origin = settings[name]?.origin ?? { from: 'default' };
      return { section, key, text: displayValue(configuration, [section, name] as ConfigSettingName), origin };
    });
  });
}

/** The values of [http] and [auth] with which the daemon would run. */
export function effectiveConfig(input: ConfigInput, tlsFiles: ConfigTlsFiles): EffectiveConfig {
  const content = input.file?.content ?? '';
  const known = {
    file: input.file?.path,
    environmentSubject: environmentSubject(input.environment),
    environment: input.environment.from,
  };
  const reading = readConfiguration(content, input.environment.variables, input.version);
  if (!reading.starts) {
    const outline = outlineConfig(content, input.version);
    const problem = inexactProblem(reading, outline);
    const refusal = daemonMessage(reading, outline);
    return {
      ...known,
      settings: [],
      refusal,
      ...(problem === undefined ? {} : { problem: `line ${reading.line}: ${problem}` }),
    };
  }
  const { configuration } = reading;
  const check = checkOnThisMachine(configuration, tlsFiles);
  const rest =
    input.file === undefined ? undefined : otherSectionFaults(content, input.environment.variables, input.version)[0];
  const refusal = rest?.message ?? (check.starts ? undefined : check.message);
  return { ...known, settings: settingsOf(configuration, input.version ?? defaultVersion), refusal };
}
