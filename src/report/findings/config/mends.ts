import { formOf } from '../../../kapacitor-config/environment-file.js';
import { commandLine } from '../../../model/shell-command.js';
import type { Mend } from '../../../diagnostics/fix.js';
import { outline, type Outline } from '../../../kapacitor-config/outline.js';
import { type Field, type Section, variableOf } from '../../../kapacitor-config/fields.js';
import { applyEdits, type Edit, namesBefore, setField, writtenKeys } from './edit.js';
import { type ConfigFacts, fieldOf, isFromEnvironment, type SettingName } from './facts.js';
import { type ConfigInput, lineAsRead } from './input.js';

/** The file in words. */
export function fileName({ file }: ConfigInput): string {
  return file === undefined ? 'kapacitor.conf' : file.path;
}

/** What becomes of file and variables where a fix is followed, by which it is judged before it is offered. */
export interface Trial {
  readonly text?: string;
  readonly variables?: ReadonlyMap<string, string>;
  /** A variable that goes. */
  readonly without?: string;
}

/** Beside the fixes, not in them: they are printed as they are, and a trial holds the text of the file. */
const trials = new WeakMap<Mend, Trial>();

/** A fix with its trial; one with a setting and no trial is not offered. */
export function withTrial(mend: Mend, trial: Trial | undefined): Mend {
  if (trial !== undefined) trials.set(mend, trial);
  return mend;
}

export function trialOf(mend: Mend): Trial | undefined {
  return trials.get(mend);
}

/** Literals that the reader fills in, each with one that may be meant. */
export const fillIns = {
  metaAddr: '"HOST:8091"',
  name: '"NAME"',
  password: '"THE PASSWORD"',
  caFile: '"/PATH/OF/CA.PEM"',
} as const;

const filledIn: ReadonlyMap<string, string> = new Map([
  [fillIns.metaAddr, '"localhost:8091"'],
  [fillIns.name, '"kapacitor"'],
  [fillIns.password, '"a password for the trial"'],
  [fillIns.caFile, '""'],
]);

/** A literal as it stands behind `=` in an environment file. */
function unquoted(literal: string): string {
  return literal.replace(/^"(.*)"$/s, '$1');
}

interface NewValue {
  readonly section: Section;
  readonly field: Field;
  readonly literal: string;
}

/** Where a value is written, and the line for it there. */
function lineFor(
  input: ConfigInput,
  file: Outline,
  { section, field, literal }: NewValue,
): { what: string; line: string } {
  const name = fileName(input);
  const line = `${field.key} = ${literal}`;
  const [written] = writtenKeys(file, section, field);
  if (written !== undefined && (written.isInline || namesBefore(written) !== '')) {
    return {
      what: `Write in line ${lineAsRead(input, written.text.line)} of ${name}`,
      line: `${namesBefore(written)}${line}`,
    };
  }
  const hasHeader = file.sections.some(({ known }) => known === section);
  const dotted = file.keys.findLast(({ knownSection, isInline }) => knownSection === section && !isInline);
  if (written !== undefined || hasHeader || dotted === undefined)
    return { what: `Set below [${section}] in ${name}`, line };
  const end = file.text.slice(0, dotted.value.end).split('\n').length;
  return { what: `Write below line ${lineAsRead(input, end)} of ${name}`, line: `${namesBefore(dotted)}${line}` };
}

/** The text with all of the values; undefined where the place of one is not plain. */
function textWith(file: Outline, values: readonly NewValue[]): string | undefined {
  let now: Outline = file;
  for (const { section, field, literal } of values) {
    const edits = setField(now, section, field, filledIn.get(literal) ?? literal);
    if (edits === undefined) return undefined;
    now = outline(applyEdits(now.text, edits));
  }
  return now.text;
}

function together(what: string, lines: readonly string[], trial: Trial | undefined): Mend {
  return withTrial({ what: lines.length > 1 ? `${what}, all of them` : what, setting: lines.join('\n') }, trial);
}

/**
 * To set fields to values: by variables where one of them is set by its variable or there is no file, else in the file.
 * What stands at one place is one fix.
 */
export function setFieldMends(input: ConfigInput, file: Outline, values: readonly NewValue[]): readonly Mend[] {
  const { environment } = input;
  const isByVariable = values.some(
    ({ section, field }) => (environment.variables.get(variableOf(section, field)) ?? '') !== '',
  );
  if (isByVariable || input.file === undefined) {
    const set = values.map(({ section, field, literal }) => [variableOf(section, field), literal] as const);
    const lines = set.map(([variable, literal]) => `${variable}=${unquoted(literal)}`);
    const variables = new Map(
      set.map(([variable, literal]) => [variable, unquoted(filledIn.get(literal) ?? literal)] as const),
    );
    return values.length === 0 ? [] : [together(`Set in ${environment.from}`, lines, { variables })];
  }
  const lines = values.map((value) => ({ value, ...lineFor(input, file, value) }));
  const places = [...new Set(lines.map(({ what }) => what))];
  return places.map((what) => {
    const here = lines.filter((one) => one.what === what);
    const text = textWith(
      file,
      here.map(({ value }) => value),
    );
    return together(
      what,
      here.map(({ line }) => line),
      text === undefined ? undefined : { text },
    );
  });
}

/** To set several fields together. */
export function setMends(facts: ConfigFacts, all: readonly (readonly [SettingName, string])[]): readonly Mend[] {
  const values = all.map(([name, literal]) => ({ section: name[0], field: fieldOf(name), literal }));
  return setFieldMends(facts.input, facts.file, values);
}

/** A line that stands in place of another. */
export function editMend(file: Outline, what: string, setting: string, edits: readonly Edit[] | undefined): Mend {
  return withTrial({ what, setting }, edits && { text: applyEdits(file.text, edits) });
}

/** The flags that read the same file of variables in the same way. */
function environmentFlags({ file, from }: ConfigInput['environment']): readonly string[] {
  if (file === undefined) return [];
  return ['--env-file', from, ...(file.form === formOf(file.text) ? [] : ['--env-format', file.form])];
}

/** To let `config fix` do it, with the same environment. */
export function fixMend({ file, environment }: ConfigInput): Mend | undefined {
  if (file === undefined) return undefined;
  const { from } = environment;
  const flags = from === '--no-env' ? [from] : environmentFlags(environment);
  const command = commandLine('kapadmin config fix --write', [file.path], flags);
  return { what: 'To fix it', command };
}

/** The edits that set a field; undefined where a variable decides it, or where the place in the file is not plain. */
export function editsFor(facts: ConfigFacts, name: SettingName, literal: string): readonly Edit[] | undefined {
  return isFromEnvironment(facts, name) ? undefined : setField(facts.file, name[0], fieldOf(name), literal);
}
