import type { ErrorKind } from '../errors.js';
import type { Trace } from '../auth-engine/trace.js';
import type { Explanation } from '../diagnostics/login/explanation.js';
import type { UnreadFile } from './target.js';
import type { UnservedRequest } from '../diagnostics/login/notes.js';

/** The response of Kapacitor, or of what stands in front of it; header values and body are binary. */
export interface KapacitorResponse {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: string;
}

/** What Kapacitor at the URL really answered, beside what was foreseen. */
export interface LiveResponse {
  readonly status: number;
  /** The text in `error`, or the line of text. */
  readonly message: string | null;
  readonly location: string | null;
  readonly agrees: boolean;
  /** The release that it names; null where it names none. */
  readonly version: string | null;
  /** What to say where that is not the one that was assumed. */
  readonly versionNote: string | null;
  /** Likely reasons where it does not agree. */
  readonly reasons: readonly string[];
}

/** One request of a login test: its trace and why it ends so. */
export interface LoginCase {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** What the endpoint does, where it is one of the standard ones. */
  readonly what: string | undefined;
  readonly trace: Trace;
  readonly explanation: Explanation;
  /** What Kapacitor answers to a request that it lets in and cannot carry out. */
  readonly unserved: UnservedRequest | undefined;
  readonly end: ErrorKind;
  readonly live: LiveResponse | undefined;
}

/** A login test: what daemon it is about, and its requests. */
export interface LoginReport {
  /** The release whose rules decide, and whether nobody named it. */
  readonly version: { readonly name: string; readonly isAssumed: boolean };
  readonly conf: string | undefined;
  readonly environment: string | undefined;
  readonly assumed: string | undefined;
  /** What the daemon says where it refuses to start; then there are no cases. */
  readonly refusal: string | undefined;
  /** TLS files that were not looked at, since they cannot be read here. */
  readonly unreadFiles: readonly UnreadFile[];
  /** Who asks the meta node, in words. */
  readonly account: string;
  readonly cases: readonly LoginCase[];
}
