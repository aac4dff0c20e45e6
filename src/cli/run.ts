import { nouns, words } from '../commands/index.js';
import { CommanderError } from 'commander';
import type { Context } from '../context.js';
import type { OwnedDeps } from './factory.js';
import { checkOutputFiles } from './output-files.js';
import { type ErrorKind, exitCodes } from '../errors.js';
import { flagsHelp, makeProgram } from './program.js';
import type { Perform } from './command.js';
import type { GlobalFlags } from '../settings/flags.js';

/** Whether the words are a command, or a noun: help for anything else is an unknown command. */
function isCommand([first, second]: readonly string[]): boolean {
  if (first === undefined || words.some(({ name }) => name === first)) return true;
  const noun = nouns.flatMap((group) => group.nouns).find(({ name }) => name === first);
  return noun !== undefined && (second === undefined || noun.verbs.some(({ name }) => name === second));
}

/** `help auth test` means `auth test --help`, and `version` means `--version`. */
function helpWords(argv: readonly string[]): readonly string[] {
  if (argv.length === 1 && argv[0] === 'version') return ['--version'];
  if (argv[0] !== 'help') return argv;
  const asked = argv.slice(1).filter((word) => !/^(?:-h|--help|help|version)$/.test(word));
  return isCommand(asked) ? [...asked, '--help'] : asked;
}

function asksForFlags(argv: readonly string[]): boolean {
  return argv.length === 2 && argv[0] === 'help' && argv[1] === 'flags';
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help');
}

/** The output that errors follow; unknown where the configuration itself is the error. */
async function formatOfErrors(flags: GlobalFlags, deps: OwnedDeps): Promise<string | undefined> {
  return flags.output ?? (await deps.format([]).catch(() => undefined));
}

async function wholePath(file: string, context: Context): Promise<string> {
  return (await import('../settings/read-input.js')).resolvePath(file, context);
}

/**
 * Runs one command line to its end: parses the words, runs the verb, prints its result or its error.
 * @param argv the words after the program's name
 * @returns the exit code (see docs/commands.md); it never rejects
 */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  const { io } = context;
  const text = { out: '', err: '' };
  let end: ErrorKind = 'done';
  let deps: OwnedDeps | undefined;

  const depsOf = async (flags: GlobalFlags): Promise<OwnedDeps> =>
    (deps ??= (await import('./factory.js')).makeDeps(flags, context));

  const fail = async (cause: unknown): Promise<void> => {
    const { hintOfWords } = await import('./suggestions.js');
    const { toKapadminError, renderError, usageErrorFrom } = await import('../output/render-error.js');
    const { colorLevel, makeStyle } = await import('../output/style.js');
    const error =
      cause instanceof CommanderError
        ? usageErrorFrom(cause.message, hintOfWords(cause, program))
        : toKapadminError(cause);
    const flags = program.opts<GlobalFlags>();
    const level = colorLevel(context.env, io.stderrIsTerminal, flags.color === false);
    const style = makeStyle(level, io.stderrIsTerminal, io.columns());
    const json = (await formatOfErrors(flags, await depsOf(flags))) === 'json';
    deps?.notes.flush();
    io.err(renderError(error, { json, debug: flags.debug === true, style }));
    end = error.kind;
  };

  const perform: Perform = async (runVerb, formats) => {
    const { checkFormat, render } = await import('../output/render.js');
    const { colorLevel, makeStyle, plainStyle } = await import('../output/style.js');
    const flags = program.opts<GlobalFlags>();
    const out = flags.out === undefined ? undefined : await wholePath(flags.out, context);
    const deps = await depsOf(flags);
    const format = await deps.format(formats);
    checkFormat(format, formats);
    if (out !== undefined) await context.files.checkWritable(out);
    const result = await runVerb(deps);
    const toFile = out !== undefined && result.file === undefined;
    const level = toFile ? 0 : colorLevel(context.env, io.stdoutIsTerminal, flags.color === false);
    const style = makeStyle(level, io.stdoutIsTerminal, io.stdoutIsTerminal ? io.columns() : undefined);
    const csv = { raw: flags.csvRaw === true };
    const { text: printed, isEscaped } = await render(result, format, toFile ? plainStyle : style, csv);
    try {
      if (out !== undefined) await context.files.writeWhole(out, result.file ?? printed, 0o600);
      if (!toFile) await io.out(printed, result.hintIfLost !== undefined);
    } catch (error) {
      if (result.failure !== undefined) await fail(result.failure);
      const { outputWriteError } = await import('../output/render-error.js');
      throw outputWriteError(error, context.stop, result.hintIfLost);
    }
    if (isEscaped) deps.notes.info('Invisible characters are escaped on a terminal; --out FILE keeps them.');
    deps.notes.flush();
    end = (await result.runUntilStopped?.()) ?? result.end ?? 'done';
    if (result.failure !== undefined) await fail(result.failure);
  };

  const program = makeProgram(
    KAPADMIN_VERSION,
    { groups: nouns, words },
    { out: (part) => (text.out += part), err: (part) => (text.err += part), columns: () => io.columns() },
    perform,
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
    deps?.notes.flush();
    if (context.endsProcess !== true) await deps?.close();
  }
  if (text.out !== '') await io.out(text.out).catch(fail);
  if (text.err !== '') io.err(text.err);
  return exitCodes[end];
}
