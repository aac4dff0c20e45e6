import { Command, Help } from 'commander';
import type { Noun, Perform, VerbEntry } from './command.js';
import { commonFormats } from '../model/formats.js';
import { declareGlobalFlags } from '../settings/flags.js';

export interface ProgramOutput {
  out(text: string): void;
  err(text: string): void;
  columns(): number | undefined;
}

/** All commands: the nouns in the groups of the help text, and commands of one word. */
export interface CommandTree {
  readonly groups: readonly { readonly title: string; readonly nouns: readonly Noun[] }[];
  readonly words: readonly VerbEntry[];
}

/** For the program, whose commands inherit it: errors are thrown, text goes to our streams. */
function settle(program: Command, output: ProgramOutput): Command {
  return program
    .exitOverride()
    .allowExcessArguments(false)
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => output.out(text),
      writeErr: (text) => output.err(text),
      outputError: () => {},
      getOutHelpWidth: () => Math.min(output.columns() ?? 100, 120),
      getOutHasColors: () => true,
      getErrHasColors: () => true,
      getErrHelpWidth: () => Math.min(output.columns() ?? 100, 120),
    });
}

/** Commands before flags: a newcomer looks for what there is to do. */
class CommandsFirst extends Help {
  override formatHelp(command: Command, helper: Help): string {
    const [usage = '', description = '', ...blocks] = super.formatHelp(command, helper).trimEnd().split('\n\n');
    const titles = new Set(command.commands.map((one) => one.helpGroup()).concat('Commands:'));
    const isCommands = (block: string): boolean => titles.has(block.split('\n', 1)[0]!);
    const ordered = [...blocks.filter(isCommands), ...blocks.filter((block) => !isCommands(block))];
    return `${[usage, description, ...ordered].join('\n\n')}\n`;
  }
}

const nameWidth = 12;

const rootEnd = `Examples:
  kapadmin user create johndoe --generate
  kapadmin user grant johndoe KapacitorAPI
  kapadmin auth test --user johndoe --url http://localhost:9092

The connection comes from --meta-url, --meta-username, --meta-password-file ...,
else KAPADMIN_META_URL, KAPADMIN_META_USERNAME ..., else a profile,
else http://localhost:8091 without credentials.

kapadmin help user grant   help for one command
kapadmin help flags        the flags that all commands take
`;

/** The help of the program on one screen: the nouns with their verbs, and the commands of one word. */
class RootHelp extends Help {
  readonly #tree: CommandTree;

  constructor(tree: CommandTree) {
    super();
    this.#tree = tree;
  }

  override formatHelp(command: Command, helper: Help): string {
    const line = (name: string, text: string): string => {
      const space = Math.max((helper.helpWidth ?? 80) - nameWidth - 2, 20);
      const wrapped = helper.boxWrap(text, space).replaceAll('\n', `\n${' '.repeat(nameWidth + 2)}`);
      return `  ${name.padEnd(nameWidth)}${wrapped}`;
    };
    const { groups, words } = this.#tree;
    const blocks = groups.map(({ title, nouns }) => [
      `${title}:`,
      ...nouns.map(({ name, verbs }) => line(name, verbs.map((verb) => verb.name).join(' '))),
    ]);
    const more = ['More:', ...words.filter(({ hidden }) => hidden !== true).map((one) => line(one.name, one.summary))];
    const head = `Usage: ${helper.commandUsage(command)}\n\n${helper.boxWrap(helper.commandDescription(command), 80)}`;
    return [head, ...[...blocks, more].map((lines) => lines.join('\n')), rootEnd].join('\n\n');
  }
}

/** The flags of all commands, as `kapadmin help flags` prints them. */
export function flagsHelp(program: Command): string {
  const [, ...blocks] = new CommandsFirst().formatHelp(program, program.createHelp()).split('\n\n');
  return blocks.filter((block) => /^(?:Options|Output|Connection)\b/.test(block)).join('\n\n');
}

class Program extends Command {
  readonly #tree: CommandTree | undefined;

  constructor(name?: string, tree?: CommandTree) {
    super(name);
    this.#tree = tree;
  }

  override createCommand(name?: string): Command {
    return new Program(name);
  }

  override createHelp(): Help {
    return Object.assign(
      this.#tree === undefined ? new CommandsFirst() : new RootHelp(this.#tree),
      this.configureHelp(),
    );
  }
}

function addVerb(parent: Command, { name, summary, hidden = false }: VerbEntry): void {
  parent.command(name, { hidden }).summary(summary).description(summary);
}

/** A noun whose verbs are there when it is named. */
function addNoun(program: Command, noun: Noun, perform: Perform): void {
  const command = program
    .command(noun.name)
    .usage('VERB [NAME...] [options]')
    .summary(noun.summary)
    .description(noun.summary);
  attachWhenNamed(command, noun.verbs, perform);
  program.hook('preSubcommand', (_, named) => {
    if (named === command) for (const entry of noun.verbs) addVerb(command, entry);
  });
}

/** Loads a verb's file just before its words are parsed, so that no other is loaded. */
function attachWhenNamed(parent: Command, entries: readonly VerbEntry[], perform: Perform): void {
  parent.hook('preSubcommand', async (_, command) => {
    const entry = entries.find((candidate) => candidate.name === command.name());
    if (entry === undefined) return;
    const { formats } = await entry.attach(command, perform);
    const outputs = [...commonFormats, ...formats].join(', ');
    command.addHelpText('after', `\nOutput formats (-o): ${outputs}. More flags: kapadmin help flags`);
  });
}

/** The whole command line: nouns and verbs by name, their flags only when they are named. */
export function makeProgram(version: string, tree: CommandTree, output: ProgramOutput, perform: Perform): Command {
  const { groups, words } = tree;
  const program = settle(new Program('kapadmin', tree), output)
    .description('Manage InfluxDB Enterprise users and roles, and see why Kapacitor answers as it does.')
    .usage('NOUN VERB [NAME...] [options]')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [words...]', 'help for a command: kapadmin help user grant');
  declareGlobalFlags(program);
  for (const group of groups) {
    program.commandsGroup(`${group.title}:`);
    for (const noun of group.nouns) addNoun(program, noun, perform);
  }
  program.commandsGroup('More:');
  for (const entry of words) addVerb(program, entry);
  attachWhenNamed(program, words, perform);
  return program;
}
