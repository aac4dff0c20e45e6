import { percentEncode } from '../../model/urls.js';
import type { DaemonSettings } from '../../auth-engine/daemon-state.js';
import type { Role } from '../../model/user.js';
import type { Fix } from '../finding.js';
import { type DifferenceId, differences, type KapacitorVersion } from '../../model/kapacitor-versions.js';
import { findVerdict, type Trace, type TraceStep } from '../../auth-engine/trace.js';
import { isoTime, showDuration } from '../../model/text.js';
import { type HttpRequest, parseRequest } from '../../auth-engine/request.js';
import { noEndpointMessage } from '../../model/kapacitor-endpoints.js';
import { toText } from '../../go-compat/utf8.js';

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

const openWarnings: Readonly<Record<string, string>> = {
  'authentication-off':
    '[http] auth-enabled is false: Kapacitor requires no credentials, and every request runs as administrator.',
  pprof: '[http] pprof-enabled is true: these pages require no credentials.',
};

/** What should worry about a step that passed. */
function warningOf(step: TraceStep, context: ExplainContext, trace: Trace): string | undefined {
  switch (step.kind) {
    case 'open':
      return openWarnings[step.why];
    case 'noauth':
      return 'noauth: [auth] enabled is false while [http] auth-enabled is true, so any user name with any password is an administrator.';
    case 'token':
      if (step.outcome === 'fail' || !step.emptySecret) return undefined;
      return '[http] shared-secret is empty: anyone can sign a token for any user with the empty key.';
    case 'password': {
      const cache = trace.find((one) => one.kind === 'user-cache');
      const fresh = trace.some((one) => one.kind === 'user-record');
      const checked = trace.some((one) => one.kind === 'password' && one.hashChecked && one.outcome === 'pass');
      if (step.by !== 'password-cache' || step.cachedUntil === undefined || !fresh || checked) return undefined;
      const until = isoTime(context.at + step.cachedUntil / 1e6);
      const user = cache?.user ?? '';
      return `${user} was accepted from the password cache, without a check of the current hash; the old password still works until ${until}.`;
    }
    default:
      return undefined;
  }
}

/** The warnings about a request, above all where it is allowed. `context.at` is the daemon's start. */
export function securityWarnings(trace: Trace, context: ExplainContext): readonly string[] {
  const warnings = trace.flatMap((step) => {
    const warning = warningOf(step, context, trace);
    return warning === undefined ? [] : [warning];
  });
  return [...new Set(warnings)];
}

/** What requests to /kapacitor/v1/users do to logins, and a login that such a user decided. */
export function storeNotes(trace: Trace, { settings }: ExplainContext): string[] {
  const expiration = showDuration(settings.cacheExpiration);
  return trace.flatMap((step) => {
    if (step.kind === 'user-cache' && step.isStoreUser && settings.users === 'meta') {
      const user = `"${step.user}"`;
      return [
        `POST or PATCH /kapacitor/v1/users put user ${user} into the user cache: its password and privileges apply instead of the cluster's until the entry expires (cache-expiration ${expiration}), a login of ${user} fails, or DELETE /kapacitor/v1/users/... removes it.`,
      ];
    }
    if (step.kind !== 'user-store') return [];
    const user = `"${step.user}"`;
    if (step.action === 'delete' && step.response.status === 204) {
      return [`Kapacitor removes user ${user} from both caches: the next login of ${user} is checked in full.`];
    }
    if (step.cachedUntil === undefined || settings.users !== 'meta') return [];
    return [
      `User ${user} is in the user cache for ${expiration} (cache-expiration): it can log in with this password and these privileges, whatever the cluster has.`,
    ];
  });
}

/** How older and newer releases differ in what decided, the side of this version first. */
export function versionNote(id: DifferenceId, { rules }: KapacitorVersion): string {
  const { since, before, after } = differences[id];
  return rules[id]
    ? `Kapacitor ${since} and later: ${after} Before ${since}: ${before}`
    : `Kapacitor before ${since}: ${before} ${since} and later: ${after}`;
}

/** Kapacitor's response to a request that passed authentication and authorization, and that it cannot execute. */
export interface UnservedRequest {
  readonly status: 400 | 404;
  readonly message: string;
  readonly explanation: Explanation;
}

function endpointOf(request: HttpRequest): string | undefined {
  const read = parseRequest(request);
  return read.ok ? noEndpointMessage(toText(request.method), toText(read.url.path)) : undefined;
}

/** Why an allowed request has no effect: no such endpoint, no database; undefined if it has. */
export function explainUnserved(request: HttpRequest, trace: Trace): UnservedRequest | undefined {
  if (findVerdict(trace).verdict !== 'allow') return undefined;
  const fault = endpointOf(request);
  if (fault !== undefined) return { status: 404, message: 'Not Found', explanation: explanation('no-endpoint', fault) };
  const lacksDatabase = trace.some((step) => step.kind === 'database' && step.decidedBy === 'no-database');
  if (!lacksDatabase) return undefined;
  const fix = { what: 'Name the database', setting: '?db=NAME' };
  return {
    status: 400,
    message: 'database is required',
    explanation: explanation('no-database', 'a write needs a database, whatever the privileges of the user', [fix]),
  };
}

/** What to know of a refused request besides: with the privilege it would be a 404. */
export function endpointNote(request: HttpRequest, trace: Trace): readonly string[] {
  if (findVerdict(trace).status !== 403) return [];
  const fault = endpointOf(request);
  return fault === undefined ? [] : [fault];
}

/** A name with a colon, which Basic cuts there. */
export interface SplitUserName {
  readonly given: string;
  /** The user that Kapacitor looks up. */
  readonly sent: string;
}

/** The name in an account of Basic, where Kapacitor reads another one. */
export function splitUserName(given: string): SplitUserName | undefined {
  const [sent = ''] = given.split(':');
  return sent === given ? undefined : { given, sent };
}

/** What to know of such a login, whatever comes of it. */
export function splitUserNameNote({ given, sent }: SplitUserName): string {
  return `Basic authentication ends the user name at its first colon: Kapacitor reads "${given}" as user "${sent}" and treats the rest as part of the password.`;
}

/** Why such a login is refused: no command about the user that was looked up would help. */
export function explainSplitUserName(name: SplitUserName): Explanation {
  const query = `?u=${percentEncode(name.given)}&p=PASSWORD`;
  return explanation('name-with-colon', splitUserNameNote(name), [
    { what: 'Send the name in the query instead', setting: query },
    { what: 'Or', setting: 'create the user again under a name without a colon' },
  ]);
}
