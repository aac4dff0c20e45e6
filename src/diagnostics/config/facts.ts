import { type Configuration, type Field, fields, type Origin, type Section } from '../../kapacitor-config/fields.js';
import type { Outline } from '../../kapacitor-config/outline.js';
import { Secret } from '../../model/secret.js';
import { looksSwapped, maskUserinfo } from './redact.js';
import { formatDuration } from '../../go-compat/duration.js';
import type { Finding, Place } from '../finding.js';
import { type ConfigInput, lineAsRead, type TlsFiles } from './input.js';
import type { FindingId } from '../rules/registry.js';
import type { Edit } from './edit.js';

/** What the checks read. */
export interface ConfigFacts {
  readonly input: ConfigInput;
  readonly file: Outline;
  /** What the daemon would use without the values that it refuses. */
  readonly configuration: Configuration;
  /** The fields whose values are refused: nothing is known of them. */
  readonly unknown: ReadonlySet<Field>;
  readonly tlsFiles: TlsFiles;
}

export type SettingName = { [S in Section]: readonly [S, keyof Configuration[S] & string] }[Section];

function lookUp({ configuration }: ConfigFacts, [section, name]: SettingName): { field: Field; origin: Origin } {
  const field = (fields[section] as Readonly<Record<string, Field>>)[name];
  const setting = (configuration[section] as Readonly<Record<string, { origin: Origin }>>)[name];
  if (field === undefined || setting === undefined) throw new Error(`there is no setting ${section}.${name}`);
  return { field, ...setting };
}

export function fieldOf([section, name]: SettingName): Field {
  const field = (fields[section] as Readonly<Record<string, Field>>)[name];
  if (field === undefined) throw new Error(`there is no setting ${section}.${name}`);
  return field;
}

/** Whether a variable decides it, so that no edit of the file can change it. */
export function isFromEnvironment(facts: ConfigFacts, name: SettingName): boolean {
  return lookUp(facts, name).origin.from === 'environment';
}

/** Where a variable is set. */
export function variablePlace({ environment }: ConfigInput, variable: string): Place {
  const line = environment.file?.lines.get(variable);
  return { in: 'environment', variable, from: environment.from, ...(line === undefined ? {} : { line }) };
}

/** A place in the file; the file alone where no line is known. */
export function filePlace(input: ConfigInput, line?: number, column?: number): Place | undefined {
  const { file } = input;
  if (file === undefined) return undefined;
  const at = {
    ...(line === undefined ? {} : { line: lineAsRead(input, line) }),
    ...(column === undefined ? {} : { column }),
  };
  return { in: 'file', file: file.path, ...at };
}

/** The header of a section, the file where it has none. */
export function sectionPlace(input: ConfigInput, file: Outline, section: Section): Place | undefined {
  const header = file.sections.find(({ known, isArray }) => known === section && !isArray)?.text;
  return filePlace(input, header?.line, header?.column);
}

/** Where a setting comes from: its line, its variable; of a default the header of its section. */
export function placeOf(facts: ConfigFacts, name: SettingName): Place | undefined {
  const { origin } = lookUp(facts, name);
  if (origin.from === 'environment') return variablePlace(facts.input, origin.name);
  if (origin.from === 'file') return filePlace(facts.input, origin.line, origin.column);
  return sectionPlace(facts.input, facts.file, name[0]);
}

/** A value fit for a terminal: secrets, and what may be one, are `***`. */
export function shownValue(configuration: Configuration, [section, name]: SettingName): string {
  const field = fieldOf([section, name] as SettingName);
  const { value } = (configuration[section] as Readonly<Record<string, { value: unknown }>>)[name] ?? {};
  if (value instanceof Secret) return value.reveal() === '' ? 'empty' : '***';
  if (field.type === 'duration' && typeof value === 'number') return formatDuration(value);
  if (typeof value !== 'string') return String(value);
  if (value === '') return 'empty';
  if (field === fields.auth.metaUsername && looksSwapped(configuration)) return '***';
  return `"${field === fields.auth.metaAddr ? maskUserinfo(value) : value}"`;
}

function originText(input: ConfigInput, origin: Origin): string {
  if (origin.from === 'environment') return origin.name;
  return origin.from === 'file' ? `line ${lineAsRead(input, origin.line)}` : 'the default';
}

/** A setting in words, with where it comes from: `[auth] enabled is true (line 4)`. */
export function told(facts: ConfigFacts, name: SettingName): string {
  const { field, origin } = lookUp(facts, name);
  return `[${name[0]}] ${field.key} is ${shownValue(facts.configuration, name)} (${originText(facts.input, origin)})`;
}

/** Whether a setting is given at all, in the file or by a variable. */
export function isGiven(facts: ConfigFacts, name: SettingName): boolean {
  return lookUp(facts, name).origin.from !== 'default';
}

/** Whether somebody wants authentication: one of the two switches is on. */
export function wantsAuthentication({ configuration: { http, auth } }: ConfigFacts): boolean {
  return http.authEnabled.value || auth.enabled.value;
}

/** Whether it is the meta node that is asked for users, or would be. */
export function wantsMeta(facts: ConfigFacts): boolean {
  return wantsAuthentication(facts) && facts.configuration.auth.metaAddr.value !== '';
}

/** A finding, and the edits of the file that mend it, where there is no doubt what is meant. */
export interface ConfigFinding {
  readonly finding: Finding;
  readonly edits?: readonly Edit[] | undefined;
}

/** Looks for findings of one kind; it is not asked while one of the fields that it reads is refused. */
export interface Check {
  readonly reads: readonly Field[];
  readonly gives: readonly FindingId[];
  find(facts: ConfigFacts): readonly ConfigFinding[];
}

/** Whether all is known that a check reads. */
export function canRun({ reads }: Check, unknown: ReadonlySet<Field>): boolean {
  return reads.every((field) => !unknown.has(field));
}
