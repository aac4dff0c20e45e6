import { CommanderError } from 'commander';
import type { Context } from './context.js';
import type { OwnedDeps } from './wiring.js';
import { exitCodes, usageError, type ErrorKind, type KapadminError } from './errors.js';
import { makeProgram } from './program.js';
import type { Perform } from './commands/verb.js';
import type { GlobalFlags } from './settings/flags.js';

/** `help auth test` means `auth test --help`. */
function helpWords(argv: readonly string[]): readonly string[] {
  return argv[0] === 'help' ? [...argv.slice(1).filter((word) => word !== '--help'), '--help'] : argv;
}

/** A fault that commander found in the words, as an error of ours. */
function wordsError(error: CommanderError): KapadminError {
  const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const hint = more
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  return usageError('usage', first, hint === '' ? 'See kapadmin --help.' : hint);
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help');
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
  let flags: GlobalFlags = {};
  let deps: OwnedDeps | undefined;

  const fail = async (cause: unknown): Promise<void> => {
    const { asKapadminError, renderFailure } = await import('./output/failure.js');
    const { colorLevel, makeStyle } = await import('./output/style.js');
    const error = cause instanceof CommanderError ? wordsError(cause) : asKapadminError(cause);
    const noColor = argv.includes('--no-color');
    const level = colorLevel(context.env, io.stderrIsTerminal, noColor);
    const json = flags.output === 'json' || /(^|\0)(-o|--output)[=\0]?json(\0|$)/.test(argv.join('\0'));
    const style = makeStyle(level, io.stderrIsTerminal, io.columns());
    io.err(renderFailure(error, { json, debug: argv.includes('--debug'), style }));
    end = error.kind;
  };

  const perform: Perform = async (runVerb, formats) => {
    const { checkFormat, render } = await import('./output/deliver.js');
    const { colorLevel, makeStyle, plainStyle } = await import('./output/style.js');
    const { makeDeps } = await import('./wiring.js');
    flags = program.opts<GlobalFlags>();
    deps = makeDeps(flags, context);
    const format = await deps.format(formats);
    checkFormat(format, formats);
    const result = await runVerb(deps);
    const { out } = flags;
    const toFile = out !== undefined && result.file === undefined;
    const style = makeStyle(
      toFile ? 0 : colorLevel(context.env, io.stdoutIsTerminal, flags.color === false),
      io.stdoutIsTerminal,
      io.stdoutIsTerminal ? io.columns() : undefined,
    );
    const printed = await render(result, format, toFile ? plainStyle : style);
    if (out !== undefined) await context.files.writeWhole(out, result.file ?? printed, 0o600);
    if (!toFile) await io.out(printed);
    end = (await result.stay?.()) ?? result.end ?? 'done';
    if (result.failure !== undefined) await fail(result.failure);
  };

  const program = makeProgram(
    KAPADMIN_VERSION,
    { out: (part) => (text.out += part), err: (part) => (text.err += part), columns: () => io.columns() },
    perform,
  );

  try {
    await program.parseAsync(helpWords(argv), { from: 'user' });
  } catch (error) {
    if (!isHelp(error)) await fail(error);
    else if (text.err !== '') end = 'usage';
  } finally {
    await deps?.close();
  }
  if (text.out !== '') await io.out(text.out);
  if (text.err !== '') io.err(text.err);
  return exitCodes[end];
}
