import { isShownAsItIs, listItem, listPlaces, quoteName } from './text.js';

/** Words that need no quotes in any shell; none starts with a character that zsh or fish expands. */
const plainWord = /^[A-Za-z0-9_/.+:@-][A-Za-z0-9_/.+:@,=%-]*$/;

/** Parts of a word that single quotes protect in every shell; fish interprets a backslash in them. */
const pieces = /\\|'|[^\\']+/g;

/**
 * One word, quoted so that sh, bash, dash, zsh and fish read it alike; undefined if the word has invisible characters:
 * `$'...'` is neither POSIX nor fish.
 */
export function shellWord(word: string): string | undefined {
  if (!isShownAsItIs(word)) return undefined;
  if (plainWord.test(word)) return word;
  if (word === '') return "''";
  return word.replace(pieces, (piece) => (piece === '\\' || piece === "'" ? `\\${piece}` : `'${piece}'`));
}

/** A variable that is set before a command, or by `export`: the shell reads only its value. */
export interface ShellAssignment {
  readonly variable: string;
  readonly value: string;
}

type Word = string | ShellAssignment;

function quote(word: Word): string | undefined {
  if (typeof word === 'string') return shellWord(word);
  const value = shellWord(word.value);
  return value === undefined ? undefined : `${word.variable}=${value}`;
}

function rawText(word: Word): string {
  return typeof word === 'string' ? word : `${word.variable}=${word.value}`;
}

/**
 * A command line that we print, as its words. It has one printed form, which can be pasted into sh, bash, dash, zsh and
 * fish; where a word has none, `line` is undefined and what is printed says so.
 */
export class ShellCommand {
  readonly words: readonly Word[];

  constructor(words: readonly Word[]) {
    this.words = words;
  }

  /** The command line; undefined where a word cannot be quoted for every shell. */
  get line(): string | undefined {
    const quoted = this.words.map(quote);
    return quoted.includes(undefined) ? undefined : quoted.join(' ');
  }

  /** The command line for a sentence, or that there is none. */
  toString(): string {
    const { line } = this;
    if (line !== undefined) return line;
    const names = this.words.filter((word) => quote(word) === undefined).map((word) => `"${rawText(word)}"`);
    const [first] = this.words;
    const program = first === undefined || quote(first) === undefined ? 'this' : quote(first);
    return `(no ${program} command can be printed that every shell reads the same way, because of ${names.join(', ')})`;
  }

  /** The command line for JSON; absent if there is none. */
  toJSON(): string | undefined {
    return this.line;
  }
}

/**
 * A command of ours from its words: `--` comes before the first name that begins with `-`, and flags before that. Where
 * the command takes a list, a comma of a name is escaped: the command means exactly these names.
 * @param words the fixed words (`kapadmin user grant`), each without a space in it
 * @param names what follows @param flags complete flag words, each value as a word of its own
 */
export function commandLine(words: string, names: readonly string[] = [], flags: readonly string[] = []): ShellCommand {
  const fixed = words.split(' ');
  const lists = listPlaces.get(fixed.slice(1, 3).join(' '));
  const values = names.map((name, i) => (lists !== undefined && i >= lists.from ? listItem(name) : name));
  const isInList = (i: number): boolean => lists?.flags?.includes(flags[i - 1] ?? '') === true;
  const options = flags.map((word, i) => (isInList(i) ? listItem(word) : word));
  const guard = values.some((name) => name.startsWith('-')) ? ['--'] : [];
  const [before, after] = guard.length > 0 ? [options, []] : [[], options];
  return new ShellCommand([...fixed, ...before, ...guard, ...values, ...after]);
}

const maxFlushed = 10;

/** The command that makes a Kapacitor forget these users; of very many it says `USER...`. */
export function flushCommand(users: readonly string[]): ShellCommand {
  const names = users.length > maxFlushed ? ['USER...'] : users;
  return commandLine('kapadmin auth flush', names, ['--kapacitor', 'URL']);
}

/** The same command with more flags, before the names that `--` guards. */
export function addFlags({ words }: ShellCommand, flags: readonly string[]): ShellCommand {
  const at = words.indexOf('--');
  return new ShellCommand(at < 0 ? [...words, ...flags] : words.toSpliced(at, 0, ...flags));
}

/** `export NAME=value ...`: all five shells know it. */
export function exportLine(...assignments: readonly ShellAssignment[]): ShellCommand {
  return new ShellCommand(['export', ...assignments]);
}

/** An assignment alone: for environment files and for the front of a command. */
export function assignmentLine(variable: string, value: string): ShellCommand {
  return new ShellCommand([{ variable, value }]);
}

/**
 * A name in a cell that lists several, so that its edges show: where a comma, a semicolon, a space or a quote would
 * blur them, it is quoted as a command that we print takes it.
 */
export function listedName(name: string): string {
  if (name !== '' && !/[\s,;'"]/.test(name)) return name;
  return shellWord(listItem(name)) ?? quoteName(name);
}
