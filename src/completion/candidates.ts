import { type Argument, Command, type Option } from 'commander';
import type { CommandEntry, CommandGroup } from '../cli/command.js';
import { declareGlobalFlags } from '../settings/flags.js';
import { collectList, listItem } from '../model/text.js';

/** The kind of value that a word is completed to, if it is not a command or flag. */
type Kind = 'user' | 'role' | 'permission' | 'profile' | 'topic' | 'method' | 'path' | 'output' | 'preset' | 'shell';

/** The kinds of a command's arguments, in their order; the last one repeats. */
export const positions: Readonly<Record<string, readonly Kind[]>> = {
  'user show': ['user'],
  'user delete': ['user'],
  'user passwd': ['user'],
  'user rotate': ['user'],
  'user grant': ['user', 'permission'],
  'user revoke': ['user', 'permission'],
  'role show': ['role'],
  'role delete': ['role'],
  'role rename': ['role'],
  'role grant': ['role', 'permission'],
  'role revoke': ['role', 'permission'],
  'role add-users': ['role', 'user'],
  'role remove-users': ['role', 'user'],
  'permission show': ['permission'],
  'profile show': ['profile'],
  'profile use': ['profile'],
  'profile remove': ['profile'],
  'auth can-i': ['user', 'method', 'path'],
  'auth flush': ['user'],
  'auth who-can': ['method', 'path'],
  explain: ['topic'],
  completion: ['shell'],
};

/** The kind of a flag's value, in any command. */
const flagKinds: Readonly<Record<string, Kind>> = {
  '--output': 'output',
  '--profile': 'profile',
  '--role': 'role',
  '--user': 'user',
  '--except': 'user',
  '--grant': 'permission',
  '--permission': 'permission',
  '--preset': 'preset',
  '--method': 'method',
};

/** All commands, as completion needs them. */
export interface CompletionTree {
  readonly groups: readonly CommandGroup[];
  readonly topLevelCommands: readonly CommandEntry[];
}

/** A candidate, with a line that explains it. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

function globalOptions(): readonly Option[] {
  const program = new Command();
  declareGlobalFlags(program);
  return program.options;
}

/** What a command takes, and the outputs that it has beyond those of all. */
interface Described {
  readonly options: readonly Option[];
  readonly arguments: readonly Argument[];
  readonly formats: readonly string[];
}

async function describe(entry: CommandEntry): Promise<Described> {
  const command = new Command(entry.name);
  const { formats } = await entry.load(command, () => Promise.resolve());
  return { options: command.options, arguments: command.registeredArguments, formats };
}

/** The words that begin a command: groups and top-level commands. */
function beginnings({ groups, topLevelCommands }: CompletionTree): readonly Candidate[] {
  const seen = topLevelCommands.filter((entry) => entry.hidden !== true);
  return [...groups, ...seen, { name: 'help', summary: 'Show help for a command' }].map(({ name, summary }) => ({
    word: name,
    about: summary,
  }));
}

/** The candidates of a kind: fixed names, or names of the cluster. */
export type Lookup = (kind: Kind, formats: readonly string[]) => Promise<readonly Candidate[]>;

interface Place {
  readonly group: string | undefined;
  readonly entry: CommandEntry | undefined;
  /** The names after the command. */
  readonly names: readonly string[];
  /** The flag whose value comes next. */
  readonly awaited: Option | undefined;
  /** After `--` there are no more flags. */
  readonly guarded: boolean;
}

function optionOf(word: string, options: readonly Option[]): Option | undefined {
  return options.find((option) => option.long === word || option.short === word);
}

function takesValue(option: Option | undefined): boolean {
  return option !== undefined && (option.required || option.optional);
}

function entryOf(
  tree: CompletionTree,
  group: string | undefined,
  command: string | undefined,
): CommandEntry | undefined {
  const found = tree.groups.find(({ name }) => name === group);
  const entries = found === undefined ? tree.topLevelCommands : found.commands;
  return entries.find(({ name }) => name === (found === undefined ? group : command));
}

/** Splits what was typed into flags, with their values, and names. */
function split(words: readonly string[], options: readonly Option[]): Pick<Place, 'names' | 'awaited' | 'guarded'> {
  const names: string[] = [];
  let awaited: Option | undefined;
  let guarded = false;
  for (const word of words) {
    if (awaited !== undefined) awaited = undefined;
    else if (guarded || !word.startsWith('-') || word === '-') names.push(word);
    else if (word === '--') guarded = true;
    else if (!word.includes('=')) {
      const option = optionOf(word, options);
      awaited = takesValue(option) ? option : undefined;
    }
  }
  return { names, awaited, guarded };
}

function place(words: readonly string[], tree: CompletionTree, options: readonly Option[]): Place {
  const { names: all, ...rest } = split(words, options);
  const names = all[0] === 'help' ? all.slice(1) : all;
  const [group, command] = names;
  const entry = entryOf(tree, group, command);
  const isGroup = tree.groups.some(({ name }) => name === group);
  return { ...rest, group, entry, names: names.slice(isGroup ? 2 : 1) };
}

function flags(options: readonly Option[]): readonly Candidate[] {
  return options
    .filter((option) => !option.hidden && option.long !== undefined)
    .map((option) => ({ word: option.long!, about: option.description }));
}

function kindOf(where: Place): Kind | undefined {
  const { group, entry, names } = where;
  if (entry === undefined) return undefined;
  const kinds = positions[entry.name === group ? entry.name : `${group} ${entry.name}`];
  return kinds?.[Math.min(names.length, kinds.length - 1)];
}

/** The candidates as this argument or flag reads them: in a list, a comma of a name is escaped. */
function readBy(taker: Argument | Option | undefined, candidates: readonly Candidate[]): readonly Candidate[] {
  if (taker?.parseArg !== collectList) return candidates;
  return candidates.map(({ word, about }) => ({ word: listItem(word), about }));
}

/** A flag and the beginning of its value in one word, such as `--profile=pr`. */
function joined(word: string, options: readonly Option[]): [option: Option, prefix: string] | undefined {
  const at = word.indexOf('=');
  const option = word.startsWith('--') && at > 0 ? optionOf(word.slice(0, at), options) : undefined;
  return option === undefined ? undefined : [option, word.slice(0, at + 1)];
}

/** bash makes three words of `--output=js`: the flag and its value are left. */
function withoutEquals(words: readonly string[]): readonly string[] {
  const isEquals = (i: number): boolean => words[i] === '=' && words[i - 1]?.startsWith('--') === true;
  return words.flatMap((word, i) => (isEquals(i) ? (i === words.length - 1 ? [''] : []) : [word]));
}

/**
 * The candidates for the last word.
 * @param typedWords all words after the program's name; the last one is being typed, perhaps empty
 */
export async function complete(
  typedWords: readonly string[],
  tree: CompletionTree,
  lookup: Lookup,
): Promise<readonly Candidate[]> {
  const words = withoutEquals(typedWords);
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const common = globalOptions();
  const first = place(before, tree, common);
  const about = first.entry === undefined ? { options: [], arguments: [], formats: [] } : await describe(first.entry);
  const options = [...about.options, ...common];
  const where = place(before, tree, options);
  const valuesOf = async (option: Option): Promise<readonly Candidate[]> => {
    const kind = flagKinds[option.long ?? ''];
    return kind === undefined ? [] : readBy(option, await lookup(kind, about.formats));
  };
  const fits = (candidates: readonly Candidate[], prefix = ''): readonly Candidate[] =>
    candidates
      .map(({ word, about: line }) => ({ word: prefix + word, about: line }))
      .filter(({ word }) => word.startsWith(typed));

  if (where.awaited !== undefined) return fits(await valuesOf(where.awaited));
  const inOne = joined(typed, options);
  if (inOne !== undefined) return fits(await valuesOf(inOne[0]), inOne[1]);
  if (typed.startsWith('-') && !where.guarded) return fits(flags(options));
  if (where.group === undefined) return fits(beginnings(tree));
  const group = tree.groups.find(({ name }) => name === where.group);
  if (group !== undefined && where.entry === undefined) {
    return fits(group.commands.map(({ name, summary }) => ({ word: name, about: summary })));
  }
  const kind = kindOf(where);
  if (kind === undefined) return [];
  const argument = about.arguments[where.names.length] ?? about.arguments.at(-1);
  return fits(readBy(argument, await lookup(kind, about.formats)));
}

export type Shell = 'bash' | 'zsh' | 'fish';
