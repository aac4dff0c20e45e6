import type { DaemonSettings } from '../../kapacitor/daemon.js';
import type { HttpRequest } from '../../kapacitor/request.js';
import type { Trace } from '../../kapacitor/trace.js';

/** One request at several moments of a daemon's life, and what came of each. */
export interface Life {
  readonly settings: DaemonSettings;
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

/** The steps of all moments. */
export function stepsOf({ moments }: Life): Trace {
  return moments.flatMap(({ trace }) => trace);
}

/** Whether the password of the request is the user's; also where nobody looked. */
export function isPasswordRight(life: Life): boolean {
  const refused = stepsOf(life).some(
    (step) =>
      (step.kind === 'password' && step.fault === 'mismatch') ||
      (step.kind === 'lookup' && step.purpose === 'ldap' && step.cause === 'unauthorized'),
  );
  return !refused;
}
