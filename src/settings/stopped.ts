import { KapadminError, type ErrorKind } from '../errors.js';

const kinds: ReadonlyMap<unknown, ErrorKind> = new Map([
  ['SIGTERM', 'terminated'],
  ['SIGHUP', 'hung-up'],
]);

/** The end of a command that a signal (the reason of `signal`; else SIGINT) stopped; `account` says what was and was not done. */
export function stopped(signal: AbortSignal, account: string): KapadminError {
  const kind = kinds.get(signal.reason) ?? 'interrupted';
  return new KapadminError(kind, kind, account);
}
