import type { Secret } from '../model/secret.js';
import type { Role, User } from '../model/user.js';
import type { ClusterView, LdapConfig, MetaStatus } from './wire.js';
import type { RoleWrite, UserWrite } from './write.js';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface NamedOptions extends CallOptions {
  /** Ask for this one only; one that is not there gives an empty list. */
  readonly name?: string | undefined;
}

export interface AuthorizedQuestion {
  readonly name: string;
  readonly password: Secret;
  readonly permission: string;
  readonly resource: string;
}

/** An answer as it came, whatever its status. */
export interface RawAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** Where it came from, after redirects, as it may be shown. */
  readonly url: string;
  header(name: string): string | undefined;
}

/**
 * The meta API of one cluster. Every call throws a MetaError when it does not get what it asks for; `retryPolicy`
 * says what is repeated before that.
 */
export interface MetaClient {
  /** Origins of the named nodes. */
  readonly nodes: readonly string[];
  users(options?: NamedOptions): Promise<readonly User[]>;
  roles(options?: NamedOptions): Promise<readonly Role[]>;
  /** Resolves when the server said that it is done. A later read may still lag behind it. */
  writeUser(write: UserWrite, options?: CallOptions): Promise<void>;
  writeRole(write: RoleWrite, options?: CallOptions): Promise<void>;
  /** Resolves to the version that the node gives; sends no credentials. */
  ping(options?: CallOptions): Promise<string | undefined>;
  status(options?: CallOptions): Promise<MetaStatus>;
  showCluster(options?: CallOptions): Promise<ClusterView>;
  /** Whether the server takes this password and permission: the question that Kapacitor asks about LDAP users. */
  authorized(question: AuthorizedQuestion, options?: CallOptions): Promise<boolean>;
  ldapConfig(options?: CallOptions): Promise<LdapConfig>;
  /** A GET whose answer is not judged, for those who want to see what a node really says. */
  get(path: string, options?: CallOptions): Promise<RawAnswer>;
  /** A text of a server without the credentials that this client sends; `host`: an origin or a host. */
  mask(text: string, where?: 'host'): string;
  /** Ends the connections; calls under way fail. */
  close(): Promise<void>;
}
