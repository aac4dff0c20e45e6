import { detectEnvironmentFormat, type EnvironmentFormat } from '../../kapacitor-config/environment-formats.js';
import {
  type ConfigField,
  type ConfigSection,
  variableName,
  type VariableRenaming,
} from '../../kapacitor-config/fields.js';
import { commandLine, exportLine } from '../../model/shell-command.js';
import type { Fix } from '../finding.js';
import { type ConfigOutline, outlineConfig, type WrittenKey } from '../../kapacitor-config/read-and-validate.js';
import { applyTextEdits, type Edit, hasOwnLine, namesBefore, setField, writtenKeys } from './edit.js';
import {
  type ConfigFacts,
  type ConfigInput,
  type ConfigSettingName,
  type EnvironmentFile,
  isFromEnvironment,
  originalLine,
  settingField,
} from './facts.js';

/** The name of the file in text. */
export function configFileName({ file }: ConfigInput): string {
  return file === undefined ? 'kapacitor.conf' : file.path;
}

/** File and variables after a fix; the fix is checked with them before it is offered. */
export interface FixTrial {
  readonly text?: string;
  readonly variables?: ReadonlyMap<string, string>;
  /** A variable that goes. */
  readonly without?: string;
  /** Another name in the file of variables. */
  readonly renaming?: VariableRenaming;
  /** Advice without a line, for where the line leaves as many findings but does no harm. */
  readonly orElse?: Fix;
}

/** Beside the fixes, not in them: they are printed as they are, and a trial holds the text of the file. */
const trials = new WeakMap<Fix, () => FixTrial | undefined>();

/**
 * A fix with its trial, which is made when it is asked for: the fixes found during a trial are not tried themselves.
 * One with a setting and no trial is not offered.
 */
export function withTrial(fix: Fix, trial: () => FixTrial | undefined): Fix {
  trials.set(fix, trial);
  return fix;
}

export function findTrial(fix: Fix): FixTrial | undefined {
  return trials.get(fix)?.();
}

/** Literals that the reader fills in, each with one that may be meant. */
export const placeholderLiterals = {
  metaAddr: '"HOST:8091"',
  name: '"NAME"',
  password: '"THE PASSWORD"',
  caFile: '"/PATH/OF/CA.PEM"',
} as const;

const trialLiterals: ReadonlyMap<string, string> = new Map([
  [placeholderLiterals.metaAddr, '"localhost:8091"'],
  [placeholderLiterals.name, '"kapacitor"'],
  [placeholderLiterals.password, '"a password for the trial"'],
  [placeholderLiterals.caFile, '""'],
]);

/** A literal as written after `=` in an environment file. */
function unquoted(literal: string): string {
  return literal.replace(/^"(.*)"$/s, '$1');
}

interface NewValue {
  readonly section: ConfigSection;
  readonly field: ConfigField;
  readonly literal: string;
}

/** The text with all of the values; undefined where the place of one is not plain. */
function trialWith(file: ConfigOutline, values: readonly NewValue[]): FixTrial | undefined {
  let now: ConfigOutline = file;
  for (const { section, field, literal } of values) {
    const edits = setField(now, section, field, trialLiterals.get(literal) ?? literal);
    if (edits === undefined) return undefined;
    now = outlineConfig(applyTextEdits(now.text, edits), file.version);
  }
  return { text: now.text };
}

function fixOfLines(what: string, lines: readonly string[], trial: () => FixTrial | undefined): Fix {
  return withTrial({ what: lines.length > 1 ? `${what}, all of these` : what, setting: lines.join('\n') }, trial);
}

/** The keys that the file already has, in its order; undefined if one occurs twice. */
function keysOf(
  file: ConfigOutline,
  values: readonly NewValue[],
): readonly (readonly [WrittenKey, NewValue])[] | undefined {
  const all = values.map((value) => [writtenKeys(file, value.section, value.field), value] as const);
  if (all.some(([keys]) => keys.length > 1)) return undefined;
  const written = all.flatMap(([[key], value]) => (key === undefined ? [] : [[key, value] as const]));
  return written.toSorted(([a], [b]) => a.text.start - b.text.start);
}

/** Values of one section of which the file has some: new ones are added after the last of those. */
function replacingFix(
  input: ConfigInput,
  file: ConfigOutline,
  values: readonly NewValue[],
  written: readonly (readonly [WrittenKey, NewValue])[],
): Fix {
  const lineOf = (key: WrittenKey | undefined, { field, literal }: NewValue): string =>
    `${key === undefined ? '' : namesBefore(key)}${field.key} = ${literal}`;
  const last = written.at(-1)?.[0];
  const added = values.filter((value) => !written.some(([, other]) => other === value));
  const lines = [...written.map(([key, value]) => lineOf(key, value)), ...added.map((value) => lineOf(last, value))];
  const numbers = written.map(([key]) => originalLine(input, key.text.line));
  const isPlain =
    values.length === 1 ||
    (new Set(numbers).size === numbers.length && written.every(([key]) => hasOwnLine(file, key)));
  return fixOfLines(`Change ${linesText(numbers)} of ${configFileName(input)} to`, lines, () =>
    isPlain ? trialWith(file, values) : undefined,
  );
}

/** Values of one section of which the file has none. */
function addingFix(input: ConfigInput, file: ConfigOutline, section: ConfigSection, values: readonly NewValue[]): Fix {
  const name = configFileName(input);
  const trial = (): FixTrial | undefined => trialWith(file, values);
  const lines = values.map(({ field, literal }) => `${field.key} = ${literal}`);
  const below = `Set in [${section}] of ${name}`;
  if (file.sections.some(({ known }) => known === section)) return fixOfLines(below, lines, trial);
  const dotted = file.keys.findLast(({ knownSection, isInline }) => knownSection === section && !isInline);
  if (dotted === undefined) return fixOfLines(`Add a section [${section}] at the end of ${name} with`, lines, trial);
  const end = file.text.slice(0, dotted.value.end).split('\n').length;
  const prefixed = lines.map((line) => `${namesBefore(dotted)}${line}`);
  return fixOfLines(`Add after line ${originalLine(input, end)} of ${name}`, prefixed, trial);
}

/**
 * Sets fields to values: by variables if one of them is set by its variable or there is no file, else in the file. The
 * values of one section are one fix.
 */
export function setFieldFixes(input: ConfigInput, file: ConfigOutline, values: readonly NewValue[]): readonly Fix[] {
  const { environment } = input;
  const isByVariable = values.some(
    ({ section, field }) => (environment.variables.get(variableName(section, field)) ?? '') !== '',
  );
  if (isByVariable || input.file === undefined) {
    const set = values.map(({ section, field, literal }) => [variableName(section, field), literal] as const);
    const variables = new Map(
      set.map(([variable, literal]) => [variable, unquoted(trialLiterals.get(literal) ?? literal)] as const),
    );
    const { where, lines } = variableLines(
      environment,
      set.map(([name, literal]) => ({ name, value: unquoted(literal) })),
    );
    return values.length === 0 ? [] : [fixOfLines(where, lines, () => ({ variables }))];
  }
  return [...new Set(values.map(({ section }) => section))].flatMap((section) => {
    const here = values.filter((one) => one.section === section);
    const written = keysOf(file, here);
    if (written === undefined) return [];
    return [written.length > 0 ? replacingFix(input, file, here, written) : addingFix(input, file, section, here)];
  });
}

/** To set several fields together. */
export function setFixes(facts: ConfigFacts, all: readonly (readonly [ConfigSettingName, string])[]): readonly Fix[] {
  const values = all.map(([name, literal]) => ({ section: name[0], field: settingField(name), literal }));
  return setFieldFixes(facts.input, facts.file, values);
}

/** A line that replaces another. */
export function editFix(file: ConfigOutline, what: string, setting: string, edits: readonly Edit[] | undefined): Fix {
  return withTrial({ what, setting }, () => edits && { text: applyTextEdits(file.text, edits) });
}

/** The flags that read the same file of variables in the same way. */
function environmentFlags({ file, from }: ConfigInput['environment']): readonly string[] {
  if (file === undefined) return [];
  return ['--env-file', from, ...(file.form === detectEnvironmentFormat(file.text) ? [] : ['--env-format', file.form])];
}

/** To let `config fix` do it, with the same environment. */
export function fixFix({ file, environment }: ConfigInput): Fix | undefined {
  if (file === undefined) return undefined;
  const { from } = environment;
  const flags = from === '--no-env' ? [from] : environmentFlags(environment);
  const command = commandLine('kapadmin config fix --write', [file.path], flags);
  return { what: 'To fix it', command };
}

/** The edits that set a field; undefined where a variable decides it, or where the place in the file is not plain. */
export function settingEdits(
  facts: ConfigFacts,
  name: ConfigSettingName,
  literal: string,
): readonly Edit[] | undefined {
  return isFromEnvironment(facts, name) ? undefined : setField(facts.file, name[0], settingField(name), literal);
}

interface NewVariable {
  readonly name: string;
  readonly value: string;
}

/** Where variables are to be written, as text, and their lines in that format. */
interface VariableLines {
  readonly where: string;
  readonly lines: readonly string[];
}

const yamlWord = /^(?!(?:true|false|yes|no|on|off|y|n|null)$)[A-Za-z_/][\w./-]*(?::\d{1,5})?$|^[1-9]\d{0,8}$/i;

/** A value of a key in a compose file, escaped so that compose interpolates nothing. */
function yamlValue(value: string): string {
  return yamlWord.test(value) ? value : JSON.stringify(value.replaceAll('$', '$$$$'));
}

function yamlItem(item: string): string {
  return /^[\w./@+,=-]*(?::[\w./@+,=-]+)*$/.test(item) ? item : JSON.stringify(item.replaceAll('$', '$$$$'));
}

function systemdValue(value: string): string {
  const isPlain = !/["'\\`$]|^\s|\s$/.test(value);
  return isPlain ? value : `"${value.replaceAll(/["\\`$]/g, (char) => `\\${char}`)}"`;
}

function unitWord(word: string): string {
  return `"${word.replaceAll('%', '%%').replaceAll(/["\\]/g, (char) => `\\${char}`)}"`;
}

/** Whether the variables of a compose file are items of a list, by the first that is there. */
function isList({ text, lines }: EnvironmentFile): boolean {
  const [line] = lines.values();
  return line !== undefined && /^\s*-\s/.test(text.split('\n')[line - 1] ?? '');
}

/** A variable as a line of the file that it comes from, or of the shell. */
function variableLine({ file, from }: ConfigInput['environment'], { name, value }: NewVariable): string {
  switch (file?.form) {
    case 'compose':
      return isList(file) ? `- ${yamlItem(`${name}=${value}`)}` : `${name}: ${yamlValue(value)}`;
    case 'unit':
      return `Environment=${unitWord(`${name}=${value}`)}`;
    case 'systemd':
      return `${name}=${systemdValue(value)}`;
    case 'docker':
      return `${name}=${value}`;
    case undefined:
      return from === 'the shell' ? String(exportLine({ variable: name, value })) : `${name}=${value}`;
  }
}

const wholeLines: Readonly<Record<EnvironmentFormat, RegExp>> = {
  systemd: /^\s*(?<name>\w+)[ \t]*=[ \t]*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'\\]*)\s*$/,
  docker: /^\s*(?<name>\w+)=.*$/,
  compose:
    /^\s*(?:-\s+["']?(?<item>\w+)=.*|["']?(?<name>\w+)["']?\s*:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'{[|>&*!][^{}]*)\s*(?:#.*)?)$/,
  unit: /^\s*Environment\s*=\s*(?:"(?<quoted>\w+)=(?:[^"\\]|\\.)*"|(?<name>\w+)=[^\s"'\\]*)\s*$/,
};

/** The line that sets a variable, where it sets nothing else. */
function ownLine({ form, lines, text }: EnvironmentFile, name: string): number | undefined {
  const line = lines.get(name);
  const written = line === undefined ? undefined : text.split(/\r?\n/)[line - 1];
  const { groups } = (written === undefined ? null : wholeLines[form].exec(written)) ?? {};
  return Object.values(groups ?? {}).includes(name) ? line : undefined;
}

/** Lines by their numbers, as text. */
function linesText(numbers: readonly number[]): string {
  const last = numbers.at(-1);
  return numbers.length === 1 ? `line ${last}` : `lines ${numbers.slice(0, -1).join(', ')} and ${last}`;
}

/**
 * The lines for variables in the format of their file: existing lines are replaced, new ones follow the last of those,
 * since a compose file must not set a variable twice.
 */
export function variableLines(
  environment: ConfigInput['environment'],
  variables: readonly NewVariable[],
): VariableLines {
  const { file, from } = environment;
  const own = (one: NewVariable): number | undefined => (file === undefined ? undefined : ownLine(file, one.name));
  const isThere = ({ name }: NewVariable): boolean => file?.lines.has(name) === true;
  const replaced = variables.flatMap((one) => own(one) ?? []).toSorted((a, b) => a - b);
  const line = (one: NewVariable): string => variableLine(environment, one);
  const isPlain = variables.every((one) => !isThere(one) || own(one) !== undefined);
  if (replaced.length === 0 || !isPlain || new Set(replaced).size < replaced.length) {
    const where = from === '--no-env' ? 'the environment of the daemon' : from;
    return { where: `Set in ${where}`, lines: variables.map(line) };
  }
  const first = replaced.flatMap((number) => variables.filter((one) => own(one) === number));
  const added = variables.filter((one) => !isThere(one));
  return { where: `Change ${linesText(replaced)} of ${from} to`, lines: [...first, ...added].map(line) };
}
