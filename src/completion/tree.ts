import { Command, type Argument, type Option } from 'commander';
import type { Noun, VerbEntry } from '../cli/command.js';
import { declareGlobalFlags } from '../settings/flags.js';

/** The nouns and verbs of the command line. */
export interface Tree {
  readonly nouns: readonly Noun[];
  readonly words: readonly VerbEntry[];
}

/** A word that may stand there, with a line that explains it. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

export function globalOptions(): readonly Option[] {
  const program = new Command();
  declareGlobalFlags(program);
  return program.options;
}

/** What a command takes, and the outputs that it has beyond those of all. */
export interface Described {
  readonly options: readonly Option[];
  readonly arguments: readonly Argument[];
  readonly formats: readonly string[];
}

export async function describe(entry: VerbEntry): Promise<Described> {
  const command = new Command(entry.name);
  const { formats } = await entry.attach(command, () => Promise.resolve());
  return { options: command.options, arguments: command.registeredArguments, formats };
}

/** The words that begin a command: nouns and commands of one word. */
export function beginnings({ nouns, words }: Tree): readonly Candidate[] {
  const seen = words.filter((entry) => entry.hidden !== true);
  return [...nouns, ...seen, { name: 'help', summary: 'help for a command' }].map(({ name, summary }) => ({
    word: name,
    about: summary,
  }));
}
