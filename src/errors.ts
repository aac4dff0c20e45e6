/** What kind of end a command came to; each kind has one exit code. */
export type ErrorKind = keyof typeof exitCodes;

/** The only table of exit codes (see docs/commands.md). */
export const exitCodes = {
  done: 0,
  no: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  'not-found': 5,
  exists: 6,
  partial: 7,
  server: 8,
  bug: 70,
  'hung-up': 129,
  interrupted: 130,
  terminated: 143,
} as const;

export interface ErrorDetails {
  /** What the user can do about it, one sentence or a command line. */
  hint?: string | undefined;
  /** The individual problems: lines below the message. */
  list?: readonly string[] | undefined;
  /** The one name that the cluster does not have, if no nearest name is known. */
  missing?: MissingName | undefined;
  cause?: unknown;
}

interface MissingName {
  readonly what: 'user' | 'role';
  readonly name: string;
}

/**
 * An error that a user can act upon. `code` is a stable word for scripts (`user-not-found`), `message` says what
 * failed, on what and why. All texts are raw (they are escaped when they are printed), and none ever holds a secret.
 */
export class KapadminError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;
  readonly list: readonly string[];
  readonly missing: MissingName | undefined;

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'KapadminError';
    this.kind = kind;
    this.code = code;
    this.hint = details.hint;
    this.list = details.list ?? [];
    this.missing = details.missing;
  }
}

const stopKinds: ReadonlyMap<unknown, ErrorKind> = new Map<unknown, ErrorKind>([
  ['SIGINT', 'interrupted'],
  ['SIGTERM', 'terminated'],
  ['SIGHUP', 'hung-up'],
]);

/** How a stopped command ends, from the reason of its abort signal; a reason other than a signal counts as SIGINT. */
export function stopKind(reason: unknown): ErrorKind {
  return stopKinds.get(reason) ?? 'interrupted';
}

/** Wrong words or bad input: nothing was sent. */
export function usageError(code: string, message: string, hint?: string, list?: readonly string[]): KapadminError {
  return new KapadminError('usage', code, message, { hint, list });
}

/** A fault of our own. @param doing what it interrupted, such as `create user joe` */
export function bugError(cause: unknown, doing?: string): KapadminError {
  const what = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof ReferenceError && what === 'WebAssembly is not defined') {
    const message = 'kapadmin needs WebAssembly, which an option of Node turns off';
    return usageError('no-webassembly', message, 'Remove --jitless (from NODE_OPTIONS, too).');
  }
  const prefix = doing === undefined ? '' : `cannot ${doing}: `;
  return new KapadminError('bug', 'bug', `${prefix}this is a bug in kapadmin: ${what.replaceAll(/\s+/g, ' ').trim()}`, {
    hint: 'Please report it with the command and the output of --debug, which shows secrets as ***.',
    cause,
  });
}

/** The end of a command that a signal (the reason of `signal`; else SIGINT) stopped; `account`, `stopped while ...`, says what was and was not done. */
export function stopped(signal: { readonly reason: unknown }, account: string): KapadminError {
  const kind = stopKind(signal.reason);
  const by = stopKinds.has(signal.reason) ? `stopped by ${String(signal.reason)}` : 'stopped';
  return new KapadminError(kind, kind, account.replace(/^stopped\b/, by));
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the file name is too long',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'the file is too large',
  EIO: 'input/output error',
  ENXIO: 'it is a socket, or a pipe without a reader',
  EBADF: 'it is not open',
  EPIPE: 'the reader closed it',
};

/** The system's error as text. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== undefined) return reasons[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}

/** The error of a file that the system keeps from us. */
export function cannot(doing: string, file: string, error: unknown, code = `cannot-${doing}-file`): KapadminError {
  const message = `cannot ${doing} ${file}: ${systemReason(error)}`;
  return new KapadminError('usage', code, message, { cause: error });
}

/** How one of several things ended that a command does. */
interface Outcome {
  readonly status: 'planned' | 'flushed' | 'done' | 'unchanged' | 'failed' | 'unknown' | 'not-started';
  readonly error?: KapadminError;
}

const successes: ReadonlySet<Outcome['status']> = new Set(['planned', 'flushed', 'done', 'unchanged']);
const maxNamed = 3;

/** What is unknown is partly done; what was not started says nothing. */
function kindOf({ status, error }: Outcome): ErrorKind | [] {
  return status === 'unknown' ? 'partial' : (error?.kind ?? []);
}

/**
 * The error of what failed, `undefined` where nothing did: the common kind of the errors, or `partial`. It names up to
 * three errors, and counts more.
 */
export function outcomesError(
  outcomes: readonly Outcome[],
  not: string,
  stop: { readonly aborted: boolean; readonly reason: unknown },
): KapadminError | undefined {
  const missed = outcomes.filter(({ status }) => !successes.has(status));
  if (missed.length === 0) return undefined;
  const errors = missed.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  const kinds = new Set(outcomes.flatMap((one) => (successes.has(one.status) ? 'done' : kindOf(one))));
  const [only = 'partial'] = kinds;
  const end = stop.aborted ? stopKind(stop.reason) : kinds.size === 1 && only !== 'done' ? only : 'partial';
  const named = errors.length > maxNamed ? ['each is listed in the output'] : errors.map(({ message }) => message);
  const counted = `${missed.length} of ${outcomes.length} ${not}`;
  const message = outcomes.length === 1 && first !== undefined ? first.message : [counted, ...named].join('; ');
  const code = kinds.size === 1 && first !== undefined ? first.code : 'partly-done';
  return new KapadminError(end, code, message, { hint: first?.hint, cause: first });
}
