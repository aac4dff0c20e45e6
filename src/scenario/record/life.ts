import type { DaemonSettings } from '../../auth-engine/daemon.js';
import type { HttpRequest } from '../../auth-engine/request.js';
import type { Trace } from '../../auth-engine/trace.js';
import type { KapacitorVersion } from '../../model/kapacitor-versions.js';
import { maxBcryptBytes } from '../../model/secret.js';

/** One request at several moments of a daemon's life, and what came of each. */
export interface Life {
  readonly settings: DaemonSettings;
  readonly version: KapacitorVersion;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly request: HttpRequest;
  readonly moments: readonly {
    /** Nanoseconds since the daemon started. */
    readonly now: number;
    readonly trace: Trace;
  }[];
  /** What Kapacitor itself responded to the request, where that is not what was predicted. */
  readonly observed?: Observed | undefined;
}

/** A response, less the secrets in it. */
export interface Observed {
  readonly status: number;
  readonly message: string | null;
  readonly location: string | null;
}

/** What stands in a recorded scenario in place of secrets. */
export const placeholder = {
  password: 'right-password',
  wrongPassword: 'wrong-password',
  account: { username: 'kapacitor', password: 'placeholder' },
  internalSecret: 'placeholder-internal-secret',
  sharedSecret: 'placeholder-shared-secret',
} as const;

/** The steps of all moments. */
export function stepsOf({ moments }: Life): Trace {
  return moments.flatMap(({ trace }) => trace);
}

function isPasswordRight(life: Life): boolean {
  return !stepsOf(life).some(
    (step) =>
      (step.kind === 'password' && step.fault === 'mismatch') ||
      (step.kind === 'lookup' && step.purpose === 'ldap' && step.cause === 'unauthorized'),
  );
}

/** A password that is judged as the given one is: an empty one stays empty, one over 72 bytes stays as long. */
export function replacePassword(life: Life, given: string): string {
  if (given === '') return '';
  if (given.length > maxBcryptBytes) return 'x'.repeat(given.length);
  return isPasswordRight(life) ? placeholder.password : placeholder.wrongPassword;
}

/** The password that the user record's hash is made of; `sent` is the request's, replaced. */
export function userPassword(life: Life, sent: string): string {
  return isPasswordRight(life) ? sent : placeholder.password;
}
