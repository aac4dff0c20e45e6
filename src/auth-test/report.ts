import type { ErrorKind } from '../errors.js';
import type { Trace } from '../auth-engine/trace.js';
import type { Explanation } from '../diagnostics/login/explanation.js';
import type { UnreadFile } from './target.js';
import type { UnservedRequest } from '../diagnostics/login/notes.js';

/** The response of Kapacitor, or of a proxy in front of it; header values and body are binary. */
export interface KapacitorResponse {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: string;
}

/** Kapacitor's actual response, compared with the prediction. */
export interface LiveResponse {
  readonly status: number;
  /** The text in `error`, or the first line. */
  readonly message: string | null;
  readonly location: string | null;
  readonly agrees: boolean;
  /** The release in its version header; null if absent. */
  readonly version: string | null;
  /** A note if that is not the assumed release. */
  readonly versionNote: string | null;
  /** Possible reasons if it differs. */
  readonly reasons: readonly string[];
}

/** One request of a login test: its trace and explanation. */
export interface LoginCase {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** What the endpoint does, for a standard one. */
  readonly what: string | undefined;
  readonly trace: Trace;
  readonly explanation: Explanation;
  /** Kapacitor's response to a request that it admits but cannot serve. */
  readonly unserved: UnservedRequest | undefined;
  readonly end: ErrorKind;
  readonly live: LiveResponse | undefined;
  /** How long the test took, in real time. */
  readonly milliseconds: number;
}

/** A login test: its daemon and its requests. */
export interface LoginReport {
  /** The release whose rules apply, and whether it is assumed. */
  readonly version: { readonly name: string; readonly isAssumed: boolean };
  readonly conf: string | undefined;
  readonly environment: string | undefined;
  readonly assumed: string | undefined;
  /** The daemon's message if it does not start; then there are no cases. */
  readonly refusal: string | undefined;
  /** TLS files that were not checked, because they cannot be read here. */
  readonly unreadFiles: readonly UnreadFile[];
  /** The account that queries the meta node, as text. */
  readonly account: string;
  readonly cases: readonly LoginCase[];
}
