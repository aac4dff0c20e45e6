import type { Secret } from '../model/secret.js';
import type { BcryptHashFault } from './parse-bcrypt.js';
import type { Privilege } from './privileges.js';
import type { MetaAuth } from './effects.js';
import type { AssumedRuleId, RuleId } from './rules/registry.js';

/** The outcome of a step: the request continues, it is rejected, or the step only informs. */
export type StepOutcome = 'pass' | 'fail' | 'info';

/** One request to the meta node and its result; all strings are text. */
export interface TracedMetaRequest {
  readonly method: 'GET';
  readonly url: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | Secret>>;
  readonly auth: MetaAuth;
  readonly attempt: number;
  readonly redirects: number;
  /** Whether it reached the node. */
  readonly reached: boolean;
  readonly status?: number;
  readonly location?: string;
  readonly error?: 'refused' | 'timeout' | 'tls' | 'unusable';
  readonly ms?: number;
}

/** Common to all steps. */
interface StepBase<K extends string, O extends StepOutcome> {
  readonly kind: K;
  readonly outcome: O;
  /** Its section and item in "How Kapacitor decides". */
  readonly rule: RuleId;
}

export type TargetStep = StepBase<'target', 'fail'> & { readonly reason: string };
export type MethodStep = StepBase<'method', 'fail'> & { readonly method: string };
export type CleanPathStep = StepBase<'clean-path', 'fail'> & { readonly location: string };
export type OpenStep = StepBase<'open', 'pass'> & {
  readonly why: 'options' | 'authentication-off' | 'pprof' | 'options-asterisk';
};
export type PreviewStep = StepBase<'preview', 'info'> & { readonly path: string };

export type CredentialsStep = StepBase<'credentials', 'pass' | 'fail'> & {
  readonly form: 'basic' | 'bearer' | 'query' | 'subscriber' | 'none';
  readonly user: string | undefined;
  /** Why an Authorization header was ignored. */
  readonly ignored: 'scheme' | 'base64' | 'no-colon' | 'empty-bearer' | 'bearer-words' | undefined;
  readonly message: string | undefined;
};
export type NoauthStep = StepBase<'noauth', 'pass'> & { readonly user: string };
export type TokenStep = StepBase<'token', 'pass' | 'fail'> & {
  readonly user: string | undefined;
  readonly algorithm: string | undefined;
  readonly expires: number | undefined;
  readonly emptySecret: boolean;
  readonly check: number | undefined;
  readonly message: string | undefined;
};
export type SubscriptionStep = StepBase<'subscription', 'pass' | 'fail'> & {
  readonly message: string | undefined;
  readonly assumes?: AssumedRuleId;
};
export type UserCacheStep = StepBase<'user-cache', 'info'> & {
  readonly result: 'hit' | 'miss' | 'off';
  readonly user: string;
  /** Nanoseconds; 0 if caching is off. */
  readonly expiration: number;
  /** Nanoseconds from the start of the daemon to storing the entry; on a hit only. */
  readonly storedAt: number | undefined;
  /** Whether a request to /kapacitor/v1/users put the user into the cache. */
  readonly isStoreUser: boolean;
};
export type OwnStoreStep = StepBase<'own-store', 'pass' | 'fail'> & {
  readonly user: string;
  readonly message: string | undefined;
  readonly assumes?: AssumedRuleId;
};
export type LookupStep = StepBase<'lookup', 'pass' | 'fail'> & {
  readonly purpose: 'user' | 'ldap';
  readonly user: string;
  readonly requests: readonly TracedMetaRequest[];
  readonly attempts: number;
  readonly timedOut: boolean;
  /** Error text of Kapacitor's client; binary. */
  readonly error: string | undefined;
  readonly cause: LookupCause | undefined;
  readonly assumes?: AssumedRuleId;
};
export type LookupCause =
  | 'bad-address'
  | 'refused'
  | 'timeout'
  | 'tls'
  | 'redirects'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'no-leader'
  | 'status'
  | 'unreadable'
  | 'undecodable';
export type UserRecordStep = StepBase<'user-record', 'info'> & {
  readonly name: string;
  readonly users: number;
  readonly requested: string;
  readonly hash: 'none' | 'bcrypt' | 'other';
  readonly permissions: readonly { readonly scope: string; readonly permissions: readonly string[] }[];
};
export type PasswordStep = StepBase<'password', 'pass' | 'fail'> & {
  readonly by: 'password-cache' | 'bcrypt' | 'ldap' | 'ldap-hash' | 'store-hash';
  /** Prefix of the hash, such as `$2a$`. */
  readonly prefix: string | undefined;
  readonly cost: number | undefined;
  readonly fault: BcryptHashFault | 'mismatch' | 'too-long' | 'cost-too-high' | undefined;
  /** Whether the user record came from the user cache. */
  readonly cached: boolean;
  /** The password cache accepts this password until then, in nanoseconds since the daemon started. */
  readonly cachedUntil: number | undefined;
  /** False if the password cache accepted it: the hash of the user record was not checked. */
  readonly hashChecked: boolean;
};
export type PrivilegesStep = StepBase<'privileges', 'pass' | 'fail'> & {
  readonly user: string;
  readonly admin: boolean;
  readonly needed: Privilege;
  readonly path: string;
  readonly resource: string;
  readonly decidedBy: 'admin' | 'nothing-needed' | 'entry' | 'no-entry';
  readonly entry: string | undefined;
  readonly mask: number;
};
export type DatabaseStep = StepBase<'database', 'pass' | 'fail' | 'info'> & {
  readonly user: string;
  readonly database: string;
  readonly decidedBy: 'admin' | 'no-database' | 'entry' | 'no-entry';
  readonly entry: string | undefined;
  readonly mask: number;
};
/** A JSON value; strings are binary. */
export type JsonBody = string | readonly JsonBody[] | { readonly [key: string]: JsonBody };
/** The response of the daemon's handler: indented JSON, plain text, or nothing. Strings are binary. */
export interface HandlerResponse {
  readonly status: number;
  readonly json?: JsonBody;
  readonly text?: string;
}
/** What a request to `/kapacitor/v1/users` changed in Kapacitor's own users and in both caches. */
export type UserStoreStep = StepBase<'user-store', 'info'> & {
  readonly action: 'create' | 'update' | 'delete' | 'show' | 'list';
  readonly user: string;
  readonly response: HandlerResponse;
  /** The user cache holds the created or updated user until then, in nanoseconds since the daemon started. */
  readonly cachedUntil: number | undefined;
};
/** The points of a write cannot be parsed, which is reported before the database is authorized. */
export type WriteBodyStep = StepBase<'write-body', 'info'> & { readonly response: HandlerResponse };
export type Verdict = 'allow' | 'deny' | 'redirect' | 'unrouted' | 'bad-request';
export type VerdictStep = StepBase<'verdict', 'pass' | 'fail'> & {
  readonly verdict: Verdict;
  readonly status: number | null;
  readonly user: string | null;
  /** The error text, binary: the bytes that the daemon writes. */
  readonly message: string | null;
  readonly location: string | null;
  /** A denial sent as plain text, not as JSON. */
  readonly plain: boolean;
};

export type TraceStep =
  | TargetStep
  | MethodStep
  | CleanPathStep
  | OpenStep
  | PreviewStep
  | CredentialsStep
  | NoauthStep
  | TokenStep
  | SubscriptionStep
  | UserCacheStep
  | OwnStoreStep
  | LookupStep
  | UserRecordStep
  | PasswordStep
  | PrivilegesStep
  | DatabaseStep
  | UserStoreStep
  | WriteBodyStep
  | VerdictStep;

/** The steps of one request's decision; the last one is the verdict. */
export type Trace = readonly TraceStep[];

/** The verdict of a trace: its last step. */
export function findVerdict(trace: Trace): VerdictStep {
  const last = trace.at(-1);
  if (last?.kind !== 'verdict') throw new TypeError('a trace without a verdict');
  return last;
}

/** The handler's response to an allowed request, if the engine knows it. */
export function handlerResponse(trace: Trace): HandlerResponse | undefined {
  const step = trace.findLast((one) => one.kind === 'user-store' || one.kind === 'write-body');
  return step?.response;
}

/** The meta requests of a trace, in order. */
export function tracedMetaRequests(trace: Trace): readonly TracedMetaRequest[] {
  return trace.flatMap((step) => (step.kind === 'lookup' ? step.requests : []));
}

export function timedOut(trace: Trace): boolean {
  return trace.some((step) => step.kind === 'lookup' && step.timedOut);
}
