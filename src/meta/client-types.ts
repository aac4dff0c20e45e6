import type { AclEntry, AclFields, AclKind } from '../model/acl.js';
import type { Secret } from '../model/secret.js';
import type { Clock } from '../context.js';
import type { Role, User } from '../model/user.js';
import type { ClusterView, LdapConfig, MetaStatus, RoleWrite, UserWrite } from './wire.js';

export type MetaCredentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  /** Tokens signed with the shared secret; the username `""` goes with the internal shared secret. */
  | { readonly kind: 'bearer'; readonly username: string; readonly secret: Secret };

/** Certificates and keys in PEM. */
export interface ClientTlsOptions {
  /** Trusted instead of the system's authorities. */
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
  readonly credentials?: MetaCredentials | undefined;
  readonly tls?: ClientTlsOptions | undefined;
  readonly proxy?: ProxyOptions | undefined;
  /** Milliseconds for name, connection and TLS; 3,000 when absent. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds for one try, including redirects and the whole response; 10,000 by default. */
  readonly timeout?: number | undefined;
  /** Tries after the first one; see `retryPolicy`. */
  readonly retries?: number | undefined;
  /** Milliseconds to wait for a leader; see `retryPolicy`. */
  readonly leaderWait?: number | undefined;
  /** Maximum response size in bytes; 64 MiB by default. */
  readonly maxBody?: number | undefined;
  /** Read from the leader too, so that no read lags behind a write. */
  readonly readLeader?: boolean | undefined;
  readonly userAgent?: string | undefined;
  /** Called for each HTTP request, response, failure and wait. */
  readonly observe?: ((event: MetaEvent) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** A number in [0, 1), for jitter. */
  readonly random?: (() => number) | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ReadOptions extends CallOptions {
  /** Read only this one; the list is empty if it does not exist. */
  readonly name?: string | undefined;
}

export interface AuthorizationQuery {
  readonly name: string;
  readonly password: Secret;
  readonly permission: string;
  readonly resource: string;
}

/** A response of any status, unparsed. */
export interface RawResponse {
  readonly status: number;
  readonly body: Uint8Array;
  /** Where it came from, after redirects, as it may be shown. */
  readonly url: string;
  header(name: string): string | undefined;
}

/** A request that no other call sends. */
export interface RawRequest {
  /** After "cannot" in an error. */
  readonly purpose: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  /** The body as it may be shown. */
  readonly redactedBody?: () => string;
  /** Secrets of the path or the body. */
  readonly secrets?: readonly Secret[];
  /** Sent without credentials. */
  readonly anonymous?: boolean;
}

/**
 * The meta API of one cluster. Every call throws a MetaError when it fails; `retryPolicy`
 * says what is repeated before that.
 */
export interface MetaClient {
  /** Origins of the named nodes. */
  readonly nodes: readonly string[];
  users(options?: ReadOptions): Promise<readonly User[]>;
  roles(options?: ReadOptions): Promise<readonly Role[]>;
  /** Resolves when the server reports success. A later read may still lag behind. */
  writeUser(write: UserWrite, options?: CallOptions): Promise<void>;
  writeRole(write: RoleWrite, options?: CallOptions): Promise<void>;
  /** Restrictions or grants of fine-grained authorization. Experimental: built from the documentation. */
  acl(kind: AclKind, options?: CallOptions): Promise<readonly AclEntry[]>;
  /** Resolves to the id of the new entry, if the response has one. */
  createAcl(kind: AclKind, fields: AclFields, options?: CallOptions): Promise<string | undefined>;
  deleteAcl(kind: AclKind, id: string, options?: CallOptions): Promise<void>;
  /** Resolves to the version that the node reports; sends no credentials. */
  ping(options?: CallOptions): Promise<string | undefined>;
  status(options?: CallOptions): Promise<MetaStatus>;
  showCluster(options?: CallOptions): Promise<ClusterView>;
  /** Whether the server accepts this password and permission: the check that Kapacitor makes for LDAP users. */
  authorized(question: AuthorizationQuery, options?: CallOptions): Promise<boolean>;
  ldapConfig(options?: CallOptions): Promise<LdapConfig>;
  /** A GET that resolves for every status, to show what a node really responds. */
  get(path: string, options?: CallOptions): Promise<RawResponse>;
  /** A request of any kind that resolves for every status. It goes to the leader; a GET goes where reads go. */
  send(request: RawRequest, options?: CallOptions): Promise<RawResponse>;
  /** A server's text without the credentials that this client sends; `host`: an origin or a host. */
  redact(text: string, where?: 'host'): string;
  /** Ends the connections; calls under way fail. */
  close(): Promise<void>;
}

/** Who sends the requests: what may be shown of credentials. */
export type MetaAccount = { readonly kind: 'none' } | { readonly kind: 'basic' | 'bearer'; readonly username: string };

/** One thing that happened on the wire, with every secret out: what `--show-request`, `--debug` and traces print. */
export type MetaEvent =
  | {
      readonly type: 'request';
      /** The number of the request, from 1; its response or failure has the same. */
      readonly id: number;
      readonly method: string;
      readonly url: string;
      /** Without Authorization: see `account`. */
      readonly headers: Readonly<Record<string, string>>;
      readonly account: MetaAccount;
      /** JSON; passwords and hashes are `***`. */
      readonly body: string | undefined;
    }
  | {
      readonly type: 'response';
      readonly id: number;
      readonly method: string;
      readonly url: string;
      readonly status: number;
      readonly ms: number;
      /** Length of the body. */
      readonly bytes: number;
      /** The target of a redirect. */
      readonly location: string | undefined;
    }
  | {
      readonly type: 'failure';
      readonly id: number;
      readonly method: string;
      readonly url: string;
      readonly code: string;
      readonly ms: number;
    }
  /** A pause before the next try, and the code of the error that causes it. */
  | { readonly type: 'wait'; readonly code: string; readonly ms: number };
