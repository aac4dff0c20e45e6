import { type Command, Option } from 'commander';
import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { maxBcryptBytes, Secret } from '../model/secret.js';
import { excerpt } from '../model/text.js';
import type { Logger } from '../output/logger.js';
import type { GlobalFlags } from './flags.js';
import type { Prompter } from '../prompt/prompter.js';
import { generatePassword, parseSecret, readSecretFile } from './secrets.js';
import { readStdin } from './files-and-stdin.js';

/** The password flags of a command, as commander names them. */
export interface PasswordFlags {
  readonly passwordStdin?: boolean;
  readonly passwordFile?: string;
  readonly passwordEnv?: string;
  readonly password?: string;
  readonly generate?: boolean;
}

/** The part of a command's factory that reading a password needs. */
export interface PasswordReaderContext {
  readonly context: Context;
  readonly flags: GlobalFlags;
  readonly logger: Logger;
  prompter(): Promise<Prompter>;
}

export interface PasswordOptions {
  /** Prompted for twice on a terminal. */
  readonly twice: boolean;
  /** Whether the command has `--generate`. */
  readonly generate?: boolean;
  /** Whether an empty password will do. */
  readonly empty?: boolean;
}

/** Declares the sources of a password; `what` describes it: "the new user's password". */
export function addPasswordFlags(command: Command, what: string, options: { generate?: boolean } = {}): void {
  const option = (flags: string, text: string): Option => new Option(flags, text).helpGroup('Password:');
  command
    .addOption(option('--password-stdin', `read ${what} from standard input`))
    .addOption(option('--password-file <file>', `read ${what} from a file`))
    .addOption(option('--password-env <name>', `read ${what} from an environment variable`))
    .addOption(option('--password <value>', `${what} (visible in the process list)`));
  if (options.generate === true) command.addOption(option('--generate', 'generate a password and print it'));
}

/** Whether a flag names a source, so that no prompt is needed. */
export function hasPasswordSource(flags: PasswordFlags): boolean {
  return passwordSources(flags).length > 0;
}

function passwordSources(flags: PasswordFlags): readonly string[] {
  return [
    ...(flags.passwordStdin === true ? ['--password-stdin'] : []),
    ...(flags.passwordFile === undefined ? [] : ['--password-file']),
    ...(flags.passwordEnv === undefined ? [] : ['--password-env']),
    ...(flags.password === undefined ? [] : ['--password']),
    ...(flags.generate === true ? ['--generate'] : []),
  ];
}

/** Throws a usage error for sources that cannot be combined. */
function checkSources(flags: PasswordFlags, metaPasswordStdin: boolean): void {
  const sources = passwordSources(flags);
  if (sources.length > 1) {
    throw usageError('two-passwords', `two password sources: ${sources.join(' and ')}`, 'Use one of them.');
  }
  if (flags.passwordStdin === true && metaPasswordStdin) {
    const message = '--password-stdin and --meta-password-stdin cannot be combined: standard input holds one password';
    throw usageError('two-passwords-on-stdin', message, 'Use --password-file or --meta-password-file for one of them.');
  }
}

async function fromFlags(flags: PasswordFlags, readerContext: PasswordReaderContext): Promise<Secret | undefined> {
  const { context, logger } = readerContext;
  if (flags.passwordStdin === true) {
    return parseSecret(await readStdin(context, '--password-stdin'), '--password-stdin');
  }
  if (flags.passwordFile !== undefined) {
    return readSecretFile(readerContext, flags.passwordFile, '--password-file');
  }
  if (flags.passwordEnv !== undefined) {
    const value = Object.hasOwn(context.env, flags.passwordEnv) ? context.env[flags.passwordEnv] : undefined;
    if (value !== undefined) return new Secret(value);
    throw usageError(
      'no-variable',
      `--password-env: environment variable "${excerpt(flags.passwordEnv, 60)}" is not set`,
    );
  }
  if (flags.password === undefined) return undefined;
  logger.warn('the value of --password is visible in the process list and in the shell history');
  return new Secret(flags.password);
}

async function fromTerminal(
  readerContext: PasswordReaderContext,
  question: string,
  options: PasswordOptions,
): Promise<Secret> {
  const known = ['--password-stdin', '--password-file', '--password-env', ...(options.generate ? ['--generate'] : [])];
  const alternatives = `${known.slice(0, -1).join(', ')} or ${known.at(-1)}`;
  if (!readerContext.context.io.isInteractive) {
    throw usageError('no-password', 'no password given, and no terminal to prompt on', `Use ${alternatives}.`);
  }
  const prompter = await readerContext.prompter();
  return options.twice ? prompter.newPassword(question, alternatives) : prompter.password(question, alternatives);
}

/**
 * The password that the flags name, generate, or else a person types (`question`). Throws a usage error for two
 * sources, for none without a terminal, and for an empty one; warns of what bcrypt leaves out.
 */
export async function readPassword(
  flags: PasswordFlags,
  readerContext: PasswordReaderContext,
  question: string,
  options: PasswordOptions,
): Promise<{ secret: Secret; generated: boolean }> {
  checkSources(flags, readerContext.flags.metaPasswordStdin === true);
  if (flags.generate === true) return { secret: generatePassword(readerContext.context.randomBytes), generated: true };
  const secret = (await fromFlags(flags, readerContext)) ?? (await fromTerminal(readerContext, question, options));
  const bytes = Buffer.byteLength(secret.reveal());
  if (bytes === 0 && options.empty !== true) {
    throw usageError('empty-password', `the password${describeSource(flags)} is empty`);
  }
  if (bytes > maxBcryptBytes) {
    readerContext.logger.warn(`the password has ${bytes} bytes; bcrypt uses only the first ${maxBcryptBytes}`);
  }
  if (/[\r\n]/.test(secret.reveal())) {
    readerContext.logger.warn(`the password${describeSource(flags)} has more than one line: all of it is used`);
  }
  return { secret, generated: false };
}

function describeSource(flags: PasswordFlags): string {
  const [source] = passwordSources(flags);
  if (source === undefined) return '';
  return flags.passwordFile === undefined ? ` of ${source}` : ` of ${source} (${flags.passwordFile})`;
}
