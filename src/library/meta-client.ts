import { createMetaClient, systemClock } from '../meta/client.js';
import type { CallOptions, MetaCredentials } from '../meta/client-types.js';
import type { ClusterView, LdapConfig, MetaStatus, RoleWrite, UserWrite } from '../meta/wire.js';
import { checkPermission } from '../model/permissions.js';
import { Secret } from '../model/secret.js';
import { summaryError } from '../mutations/change.js';
import { execute } from '../mutations/execute.js';
import { readSnapshot, splitNeeded } from '../mutations/snapshot.js';

/** Permission names by database; "" means all databases. */
export type PermissionNames = Readonly<Record<string, readonly string[]>>;

export interface ClusterUser {
  readonly name: string;
  /** The stored password hash; absent or empty for users of LDAP. */
  readonly hash: Secret | undefined;
  readonly permissions: PermissionNames;
}

export interface ClusterRole {
  readonly name: string;
  readonly permissions: PermissionNames;
  /** Names of the members. */
  readonly users: readonly string[];
}

/** What an AbortSignal has: these types need neither those of Node nor those of a browser. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface ClientCallOptions {
  readonly signal?: AbortSignalLike | undefined;
}

export interface ClientReadOptions extends ClientCallOptions {
  /** Read only this one; the list is empty if it does not exist. */
  readonly name?: string | undefined;
}

export interface ClientOptions {
  /** URLs of meta nodes of one cluster; any of them may be down. */
  readonly nodes: readonly string[];
  /** Without a user name and a shared secret, no credentials are sent. */
  readonly username?: string | undefined;
  readonly password?: string | Secret | undefined;
  /** Instead of a password: signs tokens. Without a user name it is the internal shared secret. */
  readonly sharedSecret?: string | Secret | undefined;
  /** Certificates and keys in PEM; `ca` is trusted instead of the system's authorities. */
  readonly tls?: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | Secret | undefined;
    readonly insecureSkipVerify?: boolean | undefined;
  };
  /** Values as of `HTTPS_PROXY` and `NO_PROXY`. Plain http never goes through a proxy. */
  readonly proxy?: { readonly https?: string | undefined; readonly no?: string | undefined };
  /** Milliseconds for name, connection and TLS; 3,000 by default. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds for one try, including redirects and the whole response; 10,000 by default. */
  readonly timeout?: number | undefined;
  /** Tries after the first one; 3 by default. */
  readonly retries?: number | undefined;
  /** Milliseconds to wait for a leader; 10,000 by default. */
  readonly leaderWait?: number | undefined;
  /** Maximum response size in bytes; 64 MiB by default. */
  readonly maxBody?: number | undefined;
}

/** A POST to `/user`; permissions and hash on create are not accepted by every server. */
export type ClientUserWrite =
  | {
      readonly action: 'create';
      readonly user: {
        readonly name: string;
        readonly password?: string | Secret;
        readonly hash?: string | Secret;
        readonly permissions?: PermissionNames;
      };
    }
  | { readonly action: 'delete'; readonly user: { readonly name: string } }
  | { readonly action: 'change-password'; readonly user: { readonly name: string; readonly password: string | Secret } }
  | {
      readonly action: 'add-permissions' | 'remove-permissions';
      readonly user: { readonly name: string; readonly permissions: PermissionNames };
    };

/** A POST to `/role`; permissions and users on create are not accepted by every server. */
export type ClientRoleWrite =
  | {
      readonly action: 'create';
      readonly role: {
        readonly name: string;
        readonly permissions?: PermissionNames;
        readonly users?: readonly string[];
      };
    }
  | { readonly action: 'delete'; readonly role: { readonly name: string } }
  | {
      readonly action: 'add-users' | 'remove-users';
      readonly role: { readonly name: string; readonly users: readonly string[] };
    }
  | {
      readonly action: 'add-permissions' | 'remove-permissions';
      readonly role: { readonly name: string; readonly permissions: PermissionNames };
    };

/** The meta API of one cluster. Every call throws a KapadminError when it fails. */
export interface ClusterClient {
  users(options?: ClientReadOptions): Promise<readonly ClusterUser[]>;
  roles(options?: ClientReadOptions): Promise<readonly ClusterRole[]>;
  /**
   * Grants permissions to a user, and resolves to whether it lacked any of them. A write whose result is unknown is
   * verified by reading. A permission that Kapacitor does not know is rejected: it would lock the user out.
   * @param options.db one database or several; all databases where it is left out
   */
  grant(
    user: string,
    permissions: string | readonly string[],
    options?: { readonly db?: string | readonly string[] | undefined },
  ): Promise<boolean>;
  /** Resolves when the server reports success. A later read may still lag behind. */
  writeUser(write: ClientUserWrite, options?: ClientCallOptions): Promise<void>;
  writeRole(write: ClientRoleWrite, options?: ClientCallOptions): Promise<void>;
  /** Resolves to the version that the node reports; sends no credentials. */
  ping(options?: ClientCallOptions): Promise<string | undefined>;
  status(options?: ClientCallOptions): Promise<MetaStatus>;
  showCluster(options?: ClientCallOptions): Promise<ClusterView>;
  /** Whether the server accepts this password and permission: the check that Kapacitor makes for LDAP users. */
  authorized(
    query: {
      readonly name: string;
      readonly password: string | Secret;
      readonly permission: string;
      readonly resource: string;
    },
    options?: ClientCallOptions,
  ): Promise<boolean>;
  ldapConfig(options?: ClientCallOptions): Promise<LdapConfig>;
  /** A GET that resolves for every status. */
  get(path: string, options?: ClientCallOptions): Promise<{ readonly status: number; readonly body: Uint8Array }>;
  /** Ends the connections; calls under way fail. */
  close(): Promise<void>;
}

function secretOf(value: string | Secret): Secret {
  return typeof value === 'string' ? new Secret(value) : value;
}

function credentialsOf({
  username,
  password,
  sharedSecret,
}: Pick<ClientOptions, 'username' | 'password' | 'sharedSecret'>): MetaCredentials {
  if (sharedSecret !== undefined) return { kind: 'bearer', username: username ?? '', secret: secretOf(sharedSecret) };
  return username === undefined ? { kind: 'none' } : { kind: 'basic', username, password: secretOf(password ?? '') };
}

/** The fields of a write, with permissions and secrets as the internal client takes them. */
function internal(fields: {
  readonly name: string;
  readonly permissions?: PermissionNames;
  readonly password?: string | Secret;
  readonly hash?: string | Secret;
}): object {
  const { permissions, password, hash } = fields;
  return {
    ...fields,
    ...(permissions === undefined ? {} : { permissions: new Map(Object.entries(permissions)) }),
    ...(password === undefined ? {} : { password: secretOf(password) }),
    ...(hash === undefined ? {} : { hash: secretOf(hash) }),
  };
}

function options<T extends ClientCallOptions>(given: T | undefined): T & CallOptions {
  return (given ?? {}) as T & CallOptions;
}

/**
 * A client of the meta API of one cluster. Nothing is sent before the first call. Throws a usage error for node URLs or
 * credentials that cannot be used.
 */
export function createClusterClient({ username, password, sharedSecret, ...rest }: ClientOptions): ClusterClient {
  const client = createMetaClient({ ...rest, credentials: credentialsOf({ username, password, sharedSecret }) });

  const grant: ClusterClient['grant'] = async (name, permissions, { db = '' } = {}) => {
    const names = [permissions].flat();
    for (const permission of names) checkPermission(permission);
    const scopedPermissions = [db].flat().map((scope) => ({ scope, permissions: names }));
    const stop = new AbortController().signal;
    const before = await readSnapshot(client, { users: [name] }, stop);
    const { needed } = splitNeeded(
      [{ on: 'user', name, action: 'add-permissions', permissions: scopedPermissions }],
      before,
    );
    const secret = () => Promise.reject(new TypeError('a grant has no secret'));
    const summary = await execute(needed, { client, before, secret, clock: systemClock, stop, concurrency: 1 });
    const error = summaryError(summary);
    if (error !== undefined) throw error;
    return needed.length > 0;
  };

  return {
    users: async (given) =>
      (await client.users(options(given))).map((user) => ({
        ...user,
        permissions: Object.fromEntries(user.permissions),
      })),
    roles: async (given) =>
      (await client.roles(options(given))).map((role) => ({
        ...role,
        permissions: Object.fromEntries(role.permissions),
      })),
    grant,
    writeUser: ({ action, user }, given) =>
      client.writeUser({ action, user: internal(user) } as UserWrite, options(given)),
    writeRole: ({ action, role }, given) =>
      client.writeRole({ action, role: internal(role) } as RoleWrite, options(given)),
    ping: (given) => client.ping(options(given)),
    status: (given) => client.status(options(given)),
    showCluster: (given) => client.showCluster(options(given)),
    authorized: ({ password: checked, ...query }, given) =>
      client.authorized({ ...query, password: secretOf(checked) }, options(given)),
    ldapConfig: (given) => client.ldapConfig(options(given)),
    get: async (path, given) => {
      const { status, body } = await client.get(path, options(given));
      return { status, body };
    },
    close: () => client.close(),
  };
}
