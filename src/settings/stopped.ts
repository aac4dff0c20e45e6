import { KapadminError, stopKind } from '../errors.js';

/** The end of a command that a signal (the reason of `signal`; else SIGINT) stopped; `account` says what was and was not done. */
export function stopped(signal: AbortSignal, account: string): KapadminError {
  const kind = stopKind(signal.reason);
  return new KapadminError(kind, kind, account);
}
