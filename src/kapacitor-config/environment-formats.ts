import type { Secret } from '../model/secret.js';

/** The format of an environment file: its reader decides what quotes and words mean. */
export type EnvironmentFormat = 'systemd' | 'docker' | 'compose' | 'unit';

export const environmentFormats: readonly EnvironmentFormat[] = ['systemd', 'docker', 'compose', 'unit'];

export interface VariableAssignment {
  readonly name: string;
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
}

/**
 * Why a line sets no variable: the word `export`, an invalid name, control characters in the value, no assignment, or a
 * value taken from docker's shell.
 */
export type IgnoreReason = 'export' | 'name' | 'control-characters' | 'no-assignment' | 'from-shell';

/** A line that names a variable of Kapacitor and gives the daemon none. */
export interface IgnoredLine {
  /** The variable, if recognizable. */
  readonly name: string;
  readonly line: number;
  readonly why: IgnoreReason;
  /** What the variable would be, of a file that is not read a second time. */
  readonly value?: Secret;
}

/** The variables of a file as its reader takes them. */
export interface EnvironmentText {
  readonly form: EnvironmentFormat;
  readonly assignments: readonly VariableAssignment[];
  readonly dropped: readonly IgnoredLine[];
  /** Files that it names and whose variables are passed on as well: `env_file` of compose, `EnvironmentFile=` of a unit. */
  readonly otherFiles?: readonly OtherFile[];
}

export interface OtherFile {
  readonly name: string;
  readonly line: number;
}

/** Whether a process can have a variable of this name. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

const exported = /^export[ \t]+(?=[A-Za-z_])/;

/** The variable of Kapacitor that a line names; undefined where it names none. */
function variableIn(text: string): string | undefined {
  return /kapacitor_\w[\w-]{0,199}/i.exec(text)?.[0];
}

/** Why an assignment to a name that no variable can have is dropped; undefined where it names no variable of Kapacitor. */
export function ignoredByName(name: string, line: number): IgnoredLine | undefined {
  const bare = name.replace(exported, '');
  if (isVariableName(bare)) return { name: bare, line, why: 'export' };
  const variable = variableIn(bare);
  if (variable === undefined) return undefined;
  // A word before the variable makes the line something else, such as a line of a Dockerfile or of YAML.
  const isWord = /^[\w.-]*$/.test(bare);
  return isWord ? { name: bare, line, why: 'name' } : { name: variable, line, why: 'no-assignment' };
}

/**
 * A file of `docker run --env-file` (docker/cli, opts/file.go): one variable a line, the value is everything after the
 * first equals sign, quotes included, and a name alone is read from the shell. A name with a blank is an error.
 */
function readDockerFile(text: string): {
  readonly assignments: readonly VariableAssignment[];
  readonly dropped: readonly IgnoredLine[];
} {
  const assignments: VariableAssignment[] = [];
  const dropped: IgnoredLine[] = [];
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = i + 1;
    const written = raw.replace(/^[ \t\v\f]+/, '');
    if (written === '' || written.startsWith('#')) continue;
    const equals = written.indexOf('=');
    const name = equals < 0 ? written : written.slice(0, equals);
    if (!/\s/.test(name) && equals > 0) assignments.push({ name, value: written.slice(equals + 1), line });
    else if (equals < 0 && isVariableName(name)) dropped.push({ name, line, why: 'from-shell' });
    else dropped.push(...[ignoredByName(name, line) ?? []].flat());
  }
  return { assignments, dropped };
}

const lineEnd = /[\r\n]/;
const blank = /[ \t\r\n]/;
const escapable = '"\\`$';

/** Reads on from a place in a text; past its end there is `''`. */
class Cursor {
  readonly #text: string;
  #at = 0;
  line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get char(): string {
    return this.#text.charAt(this.#at);
  }

  next(): string {
    const { char } = this;
    this.#at++;
    if (char === '\n') this.line++;
    return char;
  }

  /** The text before the next character that matches. */
  until(stop: RegExp): string {
    let taken = '';
    while (this.char !== '' && !stop.test(this.char)) taken += this.next();
    return taken;
  }
}

function doubleQuoted(cursor: Cursor): string {
  let value = '';
  for (;;) {
    value += cursor.until(/["\\]/);
    if (cursor.next() !== '\\') return value;
    const escaped = cursor.next();
    if (escaped === '') return value;
    if (escapable.includes(escaped)) value += escaped;
    else if (escaped !== '\n') value += `\\${escaped}`;
  }
}

function quoted(cursor: Cursor): string {
  if (cursor.next() === '"') return doubleQuoted(cursor);
  const value = cursor.until(/'/);
  cursor.next();
  return value;
}

/** The rest of the line, without the blanks at its end; a backslash keeps the next character, or joins the next line. */
function bare(cursor: Cursor): string {
  let kept = '';
  let open = '';
  for (;;) {
    open += cursor.until(/[\r\n\\]/);
    if (cursor.char !== '\\') return kept + open.replace(/[ \t]+$/, '');
    cursor.next();
    const escaped = cursor.next();
    kept += open + (lineEnd.test(escaped) ? '' : escaped);
    open = '';
  }
}

/** Quoted pieces, one after the other, and what follows them. */
function valueAt(cursor: Cursor): string {
  let value = '';
  for (;;) {
    cursor.until(/[^ \t]/);
    if (cursor.char === '' || lineEnd.test(cursor.char)) return value;
    if (cursor.char !== '"' && cursor.char !== "'") return value + bare(cursor);
    value += quoted(cursor);
  }
}

/** The lines of a file as systemd's `EnvironmentFile=` reads them (src/basic/env-file.c), valid or not. */
function parseLines(text: string): {
  readonly assignments: readonly VariableAssignment[];
  /** Lines without an equals sign. */
  readonly others: readonly { readonly text: string; readonly line: number }[];
} {
  const cursor = new Cursor(text);
  const assignments: VariableAssignment[] = [];
  const others: { text: string; line: number }[] = [];
  while (cursor.char !== '') {
    if (blank.test(cursor.char)) {
      cursor.next();
    } else if (cursor.char === '#' || cursor.char === ';') {
      cursor.until(lineEnd);
    } else {
      const { line } = cursor;
      const name = (cursor.next() + cursor.until(/[=\r\n]/)).trimEnd();
      if (cursor.char === '=') {
        cursor.next();
        assignments.push({ name, value: valueAt(cursor), line });
      } else {
        others.push({ text: name, line });
      }
    }
  }
  return { assignments, others };
}

/** The assignments of an environment file of systemd, valid or not. */
export function parseEnvironmentFile(text: string): readonly VariableAssignment[] {
  return parseLines(text).assignments;
}

function hasControls(value: string): boolean {
  return /[\u0000-\u0008\u000b-\u001f\u007f]/.test(value);
}

/** Whether systemd passes it on: a name of letters, digits and `_`, a value without control characters but tab and line end. */
export function isPassedOn({ name, value }: VariableAssignment): boolean {
  return isVariableName(name) && !hasControls(value);
}

/** An assignment that systemd does not pass on, with the reason. */
function ignoredAssignment({ name, line }: VariableAssignment): readonly IgnoredLine[] {
  if (isVariableName(name)) return [{ name, line, why: 'control-characters' }];
  return [ignoredByName(name, line) ?? []].flat();
}

/** An environment file of systemd: what is passed on, and the lines of Kapacitor's variables that are not. */
function readSystemdFile(text: string): {
  readonly assignments: readonly VariableAssignment[];
  readonly dropped: readonly IgnoredLine[];
} {
  const { assignments, others } = parseLines(text);
  const lines = others.flatMap(({ text: line, line: number }): IgnoredLine[] => {
    const name = variableIn(line);
    return name === undefined ? [] : [{ name, line: number, why: 'no-assignment' }];
  });
  const lost = assignments.filter((one) => !isPassedOn(one)).flatMap(ignoredAssignment);
  return {
    assignments: assignments.filter(isPassedOn),
    dropped: [...lost, ...lines].toSorted((a, b) => a.line - b.line),
  };
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
};

/** The words of a setting as systemd takes them apart (src/basic/extract-word.c): quotes, backslashes, `%%`. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') {
      const next = text.charAt(++i);
      word = (word ?? '') + (escapes[next] ?? next);
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if ((char === '"' || char === "'") && word === undefined) {
      quote = char;
      word = '';
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words.map((one) => one.replaceAll('%%', '%'));
}

/** The lines of a unit, those that end in a backslash joined with the next. */
function joinedLines(text: string): readonly { readonly text: string; readonly line: number }[] {
  const joined: { text: string; line: number }[] = [];
  let open: { text: string; line: number } | undefined;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*[#;]/.test(raw)) continue;
    const unquoted: { text: string; line: number } =
      open === undefined ? { text: raw, line: i + 1 } : { text: `${open.text} ${raw}`, line: open.line };
    open = unquoted.text.endsWith('\\') ? { ...unquoted, text: unquoted.text.slice(0, -1) } : undefined;
    if (open === undefined) joined.push(unquoted);
  }
  return open === undefined ? joined : [...joined, open];
}

/** `Environment=` of a systemd unit or of a drop-in; an empty one resets the earlier ones. */
function readUnit(text: string): {
  readonly assignments: readonly VariableAssignment[];
  readonly dropped: readonly IgnoredLine[];
  readonly otherFiles: readonly OtherFile[];
} {
  let otherFiles: OtherFile[] = [];
  let assignments: VariableAssignment[] = [];
  let dropped: IgnoredLine[] = [];
  for (const { text: written, line } of joinedLines(text)) {
    const named = /^\s*EnvironmentFile\s*=\s*-?(.*?)\s*$/s.exec(written)?.[1];
    if (named !== undefined) otherFiles = named === '' ? [] : [...otherFiles, { name: named, line }];
    const setting = /^\s*Environment\s*=(.*)$/s.exec(written)?.[1];
    if (setting === undefined) continue;
    if (setting.trim() === '') [assignments, dropped] = [[], []];
    for (const word of wordsOf(setting)) {
      const equals = word.indexOf('=');
      const name = word.slice(0, Math.max(equals, 0));
      const variable = equals < 0 ? variableIn(word) : undefined;
      if (isVariableName(name)) assignments.push({ name, value: word.slice(equals + 1), line });
      else if (variable !== undefined) dropped.push({ name: variable, line, why: 'no-assignment' });
      else dropped.push(...[ignoredByName(name, line) ?? []].flat());
    }
  }
  return { assignments, dropped, otherFiles };
}

/**
 * Detects the format of a file: a section or `Environment=` means a unit, `environment:` or `services:` a compose file,
 * a line with only a name docker's own format. Everything else is read as systemd does.
 */
export function detectEnvironmentFormat(text: string): EnvironmentFormat {
  if (/^[ \t]*\[(?:Unit|Service|Install|Container)\][ \t]*\r?$/m.test(text)) return 'unit';
  if (/^[ \t]*Environment[ \t]*=/m.test(text)) return 'unit';
  if (/^(?:[ \t]*(?:-[ \t]+)?environment|services)[ \t]*:/m.test(text)) return 'compose';
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.some(isVariableName) ? 'docker' : 'systemd';
}

/** Reads a file in one of the line-based formats. */
export function readEnvironmentLines(text: string, form: Exclude<EnvironmentFormat, 'compose'>): EnvironmentText {
  const readers = { systemd: readSystemdFile, docker: readDockerFile, unit: readUnit } as const;
  return { form, ...readers[form](text) };
}
