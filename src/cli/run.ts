import { commandSections, topLevelCommands } from '../commands/index.js';
import { CommanderError } from 'commander';
import type { Context } from '../context.js';
import { type ErrorKind, exitCodes } from '../errors.js';
import { createProgram, flagsHelp } from './program.js';
import type { CommandRun } from './run-command.js';

/** Whether the words are a command, or a group: help for anything else is an unknown command. */
function isCommand([first, second]: readonly string[]): boolean {
  if (first === undefined || topLevelCommands.some(({ name }) => name === first)) return true;
  const group = commandSections.flatMap((section) => section.groups).find(({ name }) => name === first);
  return group !== undefined && (second === undefined || group.commands.some(({ name }) => name === second));
}

/** `help auth test` means `auth test --help`, and `version` means `--version`. */
function helpWords(argv: readonly string[]): readonly string[] {
  if (argv.length === 1 && argv[0] === 'version') return ['--version'];
  if (argv[0] !== 'help') return argv;
  const words = argv.slice(1).filter((word) => !/^(?:-h|--help|help|version)$/.test(word));
  return isCommand(words) ? [...words, '--help'] : words;
}

function asksForFlags(argv: readonly string[]): boolean {
  return argv.length === 2 && argv[0] === 'help' && argv[1] === 'flags';
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help');
}

/**
 * Runs one command line to its end: parses the words, runs the command, prints its result or its error.
 * @param argv the words after the program's name
 * @returns the exit code (see docs/commands.md); it never rejects
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  const { io } = context;
  const text = { out: '', err: '' };
  const groups = commandSections.flatMap((section) => section.groups);
  // Help needs nothing of what a command does.
  let started: Promise<CommandRun> | undefined;
  const commandRun = (): Promise<CommandRun> =>
    (started ??= import('./run-command.js').then(({ startCommandRun }) => startCommandRun(program, groups, context)));
  const fail = async (cause: unknown): Promise<void> => (await commandRun()).fail(cause);

  const program = createProgram(
    KAPADMIN_VERSION,
    { sections: commandSections, topLevelCommands },
    { out: (part) => (text.out += part), err: (part) => (text.err += part), columns: () => io.columns() },
    async (runAction, formats) => (await commandRun()).runCommand(runAction, formats),
  );
  const end = async (): Promise<ErrorKind> => (started === undefined ? 'done' : (await started).end());

  if (asksForFlags(argv)) {
    await io.out(flagsHelp(program)).catch(fail);
    return exitCodes[await end()];
  }

  program.hook('preAction', async (_, command) => (await commandRun()).checkOutputFiles(command));

  const uncaught = new Promise<never>((_, reject) => context.onUncaught?.(reject));
  try {
    await Promise.race([program.parseAsync(helpWords(argv), { from: 'user' }), uncaught]);
  } catch (error) {
    if (isHelp(error)) [text.out, text.err] = [text.out + text.err, ''];
    else await fail(error);
  } finally {
    await (await started)?.close();
  }
  if (text.out !== '') await io.out(text.out).catch(fail);
  if (text.err !== '') io.err(text.err);
  return exitCodes[await end()];
}
