import { exportLine } from '../../model/shell-command.js';
import type { EnvironmentFormat } from '../../kapacitor-config/environment-formats.js';
import type { ConfigInput, EnvironmentFile } from './input.js';

export interface NewVariable {
  readonly name: string;
  readonly value: string;
}

/** Where variables are to be written, as text, and their lines in that format. */
export interface VariableLines {
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
export function linesText(numbers: readonly number[]): string {
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
