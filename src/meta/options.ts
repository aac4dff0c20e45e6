import type { Secret } from '../model/secret.js';
import type { Clock } from '../context.js';
import type { MetaEvent } from './event.js';

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  /** Tokens signed with the shared secret; the username `""` goes with the internal shared secret. */
  | { readonly kind: 'bearer'; readonly username: string; readonly secret: Secret };

/** All certificates and keys as PEM text. */
export interface TlsOptions {
  /** Trusted in place of the system's authorities. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: Secret | string | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
}

/** Values as of `HTTPS_PROXY` and `NO_PROXY`. Plain http never goes through a proxy. */
export interface ProxyOptions {
  readonly https?: string | undefined;
  readonly no?: string | undefined;
}

export interface MetaClientOptions {
  /** URLs of meta nodes of one cluster; any of them may be down. */
  readonly nodes: readonly string[];
  readonly credentials?: Credentials | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly proxy?: ProxyOptions | undefined;
  /** Milliseconds for name, connection and TLS; 3,000 when absent. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds for one try with its redirects and its whole answer; 10,000 when absent. */
  readonly timeout?: number | undefined;
  /** Tries after the first one; see `retryPolicy`. */
  readonly retries?: number | undefined;
  /** Milliseconds to wait for a leader; see `retryPolicy`. */
  readonly leaderWait?: number | undefined;
  /** Bytes of the largest answer that is read; 64 MiB when absent. */
  readonly maxBody?: number | undefined;
  /** Ask the leader for reads, too: never an answer that lags behind a write. */
  readonly readLeader?: boolean | undefined;
  readonly userAgent?: string | undefined;
  /** Told of each HTTP request, answer, failure and wait. */
  readonly observe?: ((event: MetaEvent) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** A number in [0, 1), for jitter. */
  readonly random?: (() => number) | undefined;
}

export const defaults = {
  connectTimeout: 3_000,
  timeout: 10_000,
  maxBody: 64 * 1024 * 1024,
} as const;
