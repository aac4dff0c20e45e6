import type { DaemonSettings } from '../../auth-engine/daemon-state.js';
import type { Role } from '../../model/user.js';
import type { Fix } from '../finding.js';
import type { KapacitorVersion } from '../../model/kapacitor-versions.js';

/** Each cause that a verdict can have; the word is stable for scripts. */
export type VerdictCauseId =
  | 'allowed'
  | 'bad-request'
  | 'unrouted'
  | 'redirect'
  | 'no-credentials'
  | 'wrong-scheme'
  | 'unreadable-credentials'
  | 'username-required'
  | 'token'
  | 'subscription-token'
  | 'own-store'
  | 'bad-meta-addr'
  | 'meta-unreachable'
  | 'meta-timeout'
  | 'meta-tls'
  | 'meta-redirect'
  | 'meta-refuses-account'
  | 'meta-refuses-connection'
  | 'unknown-user'
  | 'no-leader'
  | 'meta-error'
  | 'unreadable-document'
  | 'undecodable-document'
  | 'ldap-refused'
  | 'ldap-hash'
  | 'stale-user-cache'
  | 'wrong-password'
  | 'hash-not-bcrypt'
  | 'right-only-by-role'
  | 'right-elsewhere'
  | 'no-right'
  | 'write-database';

/** Also the outcome of an allowed request that cannot be executed, and of a name that Basic truncates. */
export type CauseId = VerdictCauseId | 'no-endpoint' | 'no-database' | 'name-with-colon';

/** Why Kapacitor responds as it does. All texts are escaped for a terminal. */
export interface Explanation {
  readonly cause: CauseId;
  /** The cause with the fact that shows it. */
  readonly why: string;
  readonly fixes: readonly Fix[];
  /** What to know beside: caches, clocks. */
  readonly notes: readonly string[];
  /** What should worry even where the request is allowed. */
  readonly warnings: readonly string[];
}

/** What is known beside the trace. */
export interface ExplainContext {
  readonly settings: DaemonSettings;
  /** The kapacitor.conf, undefined where its values are assumed. */
  readonly conf: string | undefined;
  /** The keys of kapacitor.conf that variables set, with their variables, and where those come from. */
  readonly variables?: { readonly from: string; readonly byKey: ReadonlyMap<string, string> } | undefined;
  /** The lookup uses the account of kapadmin's connection, since Kapacitor's is unknown. */
  readonly isAssumed?: boolean;
  /** The cluster's roles, undefined where they could not be read. */
  readonly roles: readonly Role[] | undefined;
  /** Milliseconds since 1970 at which the daemon of the trace started. */
  readonly at: number;
  /** The Kapacitor of the trace; default 1.8. */
  readonly version?: KapacitorVersion;
}

export function explanation(
  cause: CauseId,
  why: string,
  fixes: readonly Fix[] = [],
  notes: readonly string[] = [],
): Explanation {
  return { cause, why, fixes, notes, warnings: [] };
}
