import { type Command, CommanderError } from 'commander';
import type { Context } from '../context.js';
import { type ErrorKind, usageError } from '../errors.js';
import type { Files } from '../files/files.js';
import { outputWriteError, render, renderError, toKapadminError, usageErrorFrom } from '../output/render.js';
import { colorLevel, loadColors, plainStyle, type Style } from '../output/style.js';
import { checkFormat, type GlobalFlags } from '../settings/flags.js';
import { resolvePath } from '../settings/files-and-stdin.js';
import type { CommandGroup, RunCommand } from './command.js';
import { type ClosableFactory, createFactory } from './factory.js';

/** A command from its parsed words to its printed result or error. */
export interface CommandRun {
  readonly runCommand: RunCommand;
  /** Throws a usage error where a file that the command writes is named twice. */
  checkOutputFiles(command: Command): Promise<void>;
  /** Prints an error as the output asked for; the run ends with its kind. */
  fail(cause: unknown): Promise<void>;
  /** How the run ended. */
  end(): ErrorKind;
  /** Closes connections, unless the process ends anyway. */
  close(): Promise<void>;
}

/** The output that errors follow; unknown where the configuration itself is the error. */
async function errorFormat(flags: GlobalFlags, factory: ClosableFactory): Promise<string | undefined> {
  return flags.output ?? (await factory.outputFormat([]).catch(() => undefined));
}

/** Starts a run of the command that the words of `program` name. */
export function startCommandRun(program: Command, groups: readonly CommandGroup[], context: Context): CommandRun {
  const { io } = context;
  let end: ErrorKind = 'done';
  let made: ClosableFactory | undefined;
  const errorStyle = async (flags: GlobalFlags): Promise<Style> => {
    const level = colorLevel(context.env, io.stderrIsTerminal, flags.color === false);
    return { color: await loadColors(level), terminal: io.stderrIsTerminal, columns: io.columns() };
  };
  const factoryFor = async (flags: GlobalFlags): Promise<ClosableFactory> => {
    const style = await errorStyle(flags);
    return (made ??= createFactory(flags, context, style));
  };

  const fail = async (cause: unknown): Promise<void> => {
    const error =
      cause instanceof CommanderError
        ? usageErrorFrom(cause.message, (await import('./suggestions.js')).hintOfWords(cause, program, groups))
        : toKapadminError(cause);
    const flags = program.opts<GlobalFlags>();
    const style = await errorStyle(flags);
    const json = (await errorFormat(flags, await factoryFor(flags))) === 'json';
    made?.logger.flush();
    io.err(renderError(error, { json, debug: flags.debug === true, style }));
    end = error.kind;
  };

  const runCommand: RunCommand = async (runAction, formats) => {
    const flags = program.opts<GlobalFlags>();
    const out = flags.out === undefined ? undefined : resolvePath(flags.out, context);
    const factory = await factoryFor(flags);
    const format = await factory.outputFormat(formats);
    checkFormat(format, formats);
    if (out !== undefined) await context.files.checkWritable(out);
    const result = await runAction(factory).catch(async (error: unknown) => {
      throw await (await import('./suggestions.js')).withNearName(error, factory);
    });
    checkFormat(format, Object.keys(result.view.extra ?? {}));
    const toFile = out !== undefined && result.file === undefined;
    const level = toFile ? 0 : colorLevel(context.env, io.stdoutIsTerminal, flags.color === false);
    const style = {
      color: await loadColors(level),
      terminal: io.stdoutIsTerminal,
      columns: io.stdoutIsTerminal ? io.columns() : undefined,
    };
    const csv = { raw: flags.csvRaw === true };
    const { text: printed, isEscaped } = await render(result, format, toFile ? plainStyle : style, csv);
    try {
      if (out !== undefined) await context.files.writeFileAtomic(out, result.file ?? printed, 0o600);
      if (!toFile) await io.out(printed, result.hintIfLost !== undefined);
    } catch (error) {
      if (result.failure !== undefined) await fail(result.failure);
      throw outputWriteError(error, context.stop, result.hintIfLost);
    }
    if (isEscaped) factory.logger.info('Invisible characters are escaped on a terminal; --out FILE keeps them.');
    factory.logger.flush();
    end = (await result.runUntilStopped?.()) ?? result.end ?? 'done';
    if (result.failure !== undefined) await fail(result.failure);
  };

  return {
    runCommand,
    checkOutputFiles: (command) => checkOutputFiles(command, context.files),
    fail,
    end: () => end,
    close: async () => {
      made?.logger.flush();
      if (context.endsProcess !== true) await made?.close();
    },
  };
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
