import { commandSections, topLevelCommands } from '../commands/index.js';
import { type Command, CommanderError } from 'commander';
import type { Context } from '../context.js';
import type { ClosableFactory } from './factory.js';
import { type ErrorKind, exitCodes, usageError } from '../errors.js';
import { createProgram, flagsHelp } from './program.js';
import type { RunCommand } from './command.js';
import type { GlobalFlags } from '../settings/flags.js';
import type { Files } from '../files/files.js';

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

/** The output that errors follow; unknown where the configuration itself is the error. */
async function errorFormat(flags: GlobalFlags, factory: ClosableFactory): Promise<string | undefined> {
  return flags.output ?? (await factory.outputFormat([]).catch(() => undefined));
}

async function absolutePath(file: string, context: Context): Promise<string> {
  return (await import('../settings/read-input.js')).resolvePath(file, context);
}

/**
 * Runs one command line to its end: parses the words, runs the command, prints its result or its error.
 * @param argv the words after the program's name
 * @returns the exit code (see docs/commands.md); it never rejects
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  const { io } = context;
  const text = { out: '', err: '' };
  let end: ErrorKind = 'done';
  let factory: ClosableFactory | undefined;

  const factoryFor = async (flags: GlobalFlags): Promise<ClosableFactory> =>
    (factory ??= (await import('./factory.js')).createFactory(flags, context));

  const groups = commandSections.flatMap((section) => section.groups);

  const fail = async (cause: unknown): Promise<void> => {
    const { hintOfWords } = await import('./suggestions.js');
    const { toKapadminError, renderError, usageErrorFrom } = await import('../output/render.js');
    const { colorLevel, makeStyle } = await import('../output/style.js');
    const error =
      cause instanceof CommanderError
        ? usageErrorFrom(cause.message, hintOfWords(cause, program, groups))
        : toKapadminError(cause);
    const flags = program.opts<GlobalFlags>();
    const level = colorLevel(context.env, io.stderrIsTerminal, flags.color === false);
    const style = makeStyle(level, io.stderrIsTerminal, io.columns());
    const json = (await errorFormat(flags, await factoryFor(flags))) === 'json';
    factory?.logger.flush();
    io.err(renderError(error, { json, debug: flags.debug === true, style }));
    end = error.kind;
  };

  const runCommand: RunCommand = async (runAction, formats) => {
    const { checkFormat, render } = await import('../output/render.js');
    const { colorLevel, makeStyle, plainStyle } = await import('../output/style.js');
    const flags = program.opts<GlobalFlags>();
    const out = flags.out === undefined ? undefined : await absolutePath(flags.out, context);
    const factory = await factoryFor(flags);
    const format = await factory.outputFormat(formats);
    checkFormat(format, formats);
    if (out !== undefined) await context.files.checkWritable(out);
    const result = await runAction(factory);
    const toFile = out !== undefined && result.file === undefined;
    const level = toFile ? 0 : colorLevel(context.env, io.stdoutIsTerminal, flags.color === false);
    const style = makeStyle(level, io.stdoutIsTerminal, io.stdoutIsTerminal ? io.columns() : undefined);
    const csv = { raw: flags.csvRaw === true };
    const { text: printed, isEscaped } = await render(result, format, toFile ? plainStyle : style, csv);
    try {
      if (out !== undefined) await context.files.writeFileAtomic(out, result.file ?? printed, 0o600);
      if (!toFile) await io.out(printed, result.hintIfLost !== undefined);
    } catch (error) {
      if (result.failure !== undefined) await fail(result.failure);
      const { outputWriteError } = await import('../output/render.js');
      throw outputWriteError(error, context.stop, result.hintIfLost);
    }
    if (isEscaped) factory.logger.info('Invisible characters are escaped on a terminal; --out FILE keeps them.');
    factory.logger.flush();
    end = (await result.runUntilStopped?.()) ?? result.end ?? 'done';
    if (result.failure !== undefined) await fail(result.failure);
  };

  const program = createProgram(
    KAPADMIN_VERSION,
    { sections: commandSections, topLevelCommands },
    { out: (part) => (text.out += part), err: (part) => (text.err += part), columns: () => io.columns() },
    runCommand,
  );

  if (asksForFlags(argv)) {
    await io.out(flagsHelp(program)).catch(fail);
    return exitCodes[end];
  }

  program.hook('preAction', (_, command) => checkOutputFiles(command, context.files));

  const uncaught = new Promise<never>((_, reject) => context.onUncaught?.(reject));
  try {
    await Promise.race([program.parseAsync(helpWords(argv), { from: 'user' }), uncaught]);
  } catch (error) {
    if (isHelp(error)) [text.out, text.err] = [text.out + text.err, ''];
    else await fail(error);
  } finally {
    factory?.logger.flush();
    if (context.endsProcess !== true) await factory?.close();
  }
  if (text.out !== '') await io.out(text.out).catch(fail);
  if (text.err !== '') io.err(text.err);
  return exitCodes[end];
}

/** Flags whose file the command writes. */
const outputFlags: ReadonlySet<string> = new Set([
  '--out',
  '--passwords-out',
  '--undo',
  '--bundle',
  '--record',
  '--conformance',
]);

interface NamedFile {
  readonly by: string;
  readonly file: string;
}

/** The files that flags and arguments name; not those of the system, such as /dev/null. */
function namedFiles(command: Command): readonly NamedFile[] {
  const named: NamedFile[] = [];
  const add = (by: string, value: unknown): void => {
    for (const file of [value].flat()) {
      if (typeof file === 'string' && file !== '' && file !== '-' && !/^\/(dev|proc)\//.test(file)) {
        named.push({ by, file });
      }
    }
  };
  for (let at: Command | null = command; at !== null; at = at.parent) {
    for (const option of at.options) {
      if (option.flags.includes('<file>')) add(option.long ?? option.flags, at.getOptionValue(option.attributeName()));
    }
  }
  // `config fix` may write its own input.
  if (command.name() === 'fix') return named;
  for (const [i, argument] of command.registeredArguments.entries()) {
    if (argument.name() === 'file') add('the command', command.processedArgs[i]);
  }
  return named;
}

/**
 * Throws a usage error where a file that the command writes is named a second time, also by a link: what is written
 * last would replace passwords, or what is read.
 */
async function checkOutputFiles(command: Command, files: Files): Promise<void> {
  const named = namedFiles(command);
  if (!named.some(({ by }) => outputFlags.has(by))) return;
  const paths = await Promise.all(named.map(({ file }) => files.realPath(file)));
  for (const [i, { by, file }] of named.entries()) {
    const same = named.find((other, at) => at !== i && paths[at] === paths[i] && other.by !== by);
    if (same === undefined || !outputFlags.has(by)) continue;
    throw usageError(
      'same-file',
      `${by} and ${same.by} name the same file "${file}"`,
      'Name another file to write to.',
    );
  }
}
