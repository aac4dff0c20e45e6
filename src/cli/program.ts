import { Command, Help } from 'commander';
import type { CommandGroup, RunCommand, CommandEntry } from './command.js';
import { commonFormats, declareGlobalFlags } from '../settings/flags.js';

export interface ProgramOutput {
  out(text: string): void;
  err(text: string): void;
  columns(): number | undefined;
}

/** All commands: groups in the sections of the help text, and top-level commands. */
export interface CommandTree {
  readonly sections: readonly { readonly title: string; readonly groups: readonly CommandGroup[] }[];
  readonly topLevelCommands: readonly CommandEntry[];
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

/** The help of the program on one screen: the groups with their commands, and the top-level commands. */
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
    const { sections, topLevelCommands } = this.#tree;
    const blocks = sections.map(({ title, groups }) => [
      `${title}:`,
      ...groups.map(({ name, commands }) => line(name, commands.map((command) => command.name).join(' '))),
    ]);
    const more = [
      'More:',
      ...topLevelCommands.filter(({ hidden }) => hidden !== true).map((command) => line(command.name, command.summary)),
    ];
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

function addCommand(parent: Command, { name, summary, hidden = false }: CommandEntry): void {
  parent.command(name, { hidden }).summary(summary).description(summary);
}

/** A group whose commands are declared when it is named. */
function addGroup(program: Command, group: CommandGroup, runCommand: RunCommand): void {
  const command = program
    .command(group.name)
    .usage('VERB [NAME...] [options]')
    .summary(group.summary)
    .description(group.summary);
  attachWhenNamed(command, group.commands, runCommand);
  program.hook('preSubcommand', (_, named) => {
    if (named === command) for (const entry of group.commands) addCommand(command, entry);
  });
}

/** Loads a command's file just before its words are parsed, so that no other is loaded. */
function attachWhenNamed(parent: Command, entries: readonly CommandEntry[], runCommand: RunCommand): void {
  parent.hook('preSubcommand', async (_, command) => {
    const entry = entries.find((candidate) => candidate.name === command.name());
    if (entry === undefined) return;
    const { formats } = await entry.load(command, runCommand);
    const outputs = [...commonFormats, ...formats].join(', ');
    command.addHelpText('after', `\nOutput formats (-o): ${outputs}. More flags: kapadmin help flags`);
  });
}

/** The whole command line: groups and commands by name, their flags only when they are named. */
export function createProgram(
  version: string,
  tree: CommandTree,
  output: ProgramOutput,
  runCommand: RunCommand,
): Command {
  const { sections, topLevelCommands } = tree;
  const program = settle(new Program('kapadmin', tree), output)
    .description('Manage InfluxDB Enterprise users and roles, and explain why Kapacitor accepts or rejects a login.')
    .usage('NOUN VERB [NAME...] [options]')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [words...]', 'help for a command: kapadmin help user grant');
  declareGlobalFlags(program);
  for (const section of sections) {
    program.commandsGroup(`${section.title}:`);
    for (const group of section.groups) addGroup(program, group, runCommand);
  }
  program.commandsGroup('More:');
  for (const entry of topLevelCommands) addCommand(program, entry);
  attachWhenNamed(program, topLevelCommands, runCommand);
  return program;
}
