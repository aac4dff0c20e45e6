import * as v from 'valibot';
import { Secret } from '../model/secret.js';
import type { Permissions } from '../model/permissions.js';
import type { Role, User } from '../model/user.js';
import { quoteExcerpt } from './redact.js';
import { usageError } from '../errors.js';
import { type AclEntry, type AclFields, type AclKind, isAclFields } from '../model/acl.js';

/** `/status` of a meta node; missing strings are `""`. */
export interface MetaStatus {
  readonly nodeType: string;
  /** The raft address of the leader; `""` without a leader. */
  readonly leader: string;
  readonly httpAddr: string;
  readonly raftAddr: string;
  readonly peers: readonly string[];
}

interface MetaNodeView {
  readonly id: number | null;
  readonly addr: string;
  readonly httpScheme: string;
  readonly tcpAddr: string;
  readonly version: string;
}

interface DataNodeView {
  readonly id: number | null;
  readonly httpAddr: string;
  readonly tcpAddr: string;
  readonly version: string;
}

/** `/show-cluster`: the nodes of the cluster. */
export interface ClusterView {
  readonly data: readonly DataNodeView[];
  readonly meta: readonly MetaNodeView[];
}

export interface LdapConfig {
  readonly enabled: boolean;
}

type WirePermissions = Readonly<Record<string, readonly string[] | null>>;

// By hand, since a record of valibot leaves out the key "__proto__".
function isPermissions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (list: unknown) => list === null || (Array.isArray(list) && list.every((name) => typeof name === 'string')),
  );
}

const permissions = v.nullish(v.custom<WirePermissions>(isPermissions, 'Invalid permissions'));
const text = v.nullish(v.string(), '');
const id = v.nullish(v.number(), null);

const userList = v.object({
  users: v.nullish(v.array(v.object({ name: v.string(), hash: v.nullish(v.string()), permissions }))),
});

const roleList = v.object({
  roles: v.nullish(v.array(v.object({ name: v.string(), permissions, users: v.nullish(v.array(v.string())) }))),
});

const status = v.object({
  nodeType: text,
  leader: text,
  httpAddr: text,
  raftAddr: text,
  peers: v.nullish(v.array(v.string()), []),
});

const cluster = v.object({
  data: v.nullish(v.array(v.object({ id, httpAddr: text, tcpAddr: text, version: text })), []),
  meta: v.nullish(v.array(v.object({ id, addr: text, httpScheme: text, tcpAddr: text, version: text })), []),
});

const ldap = v.object({ structured: v.nullish(v.object({ enabled: v.nullish(v.boolean(), false) })) });

const noPermissions: Permissions = new Map();
const noNames: readonly string[] = [];

const maxSharedPermissions = 1000;

/** Reads permissions; users with the same ones share one value, which saves much memory in large clusters. */
function permissionReader(): (wire: WirePermissions | null | undefined) => Permissions {
  const shared = new Map<string, Permissions>();
  return (wire) => {
    const scopes = Object.entries(wire ?? {});
    if (scopes.length === 0) return noPermissions;
    const key = JSON.stringify(scopes);
    const known = shared.get(key);
    if (known !== undefined) return known;
    const permissions = new Map(scopes.map(([scope, names]) => [scope, names ?? noNames]));
    if (shared.size < maxSharedPermissions) shared.set(key, permissions);
    return permissions;
  };
}

/** What is wrong with the shape of a response. */
export class UnexpectedShapeError extends Error {}

function parseAs<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  if (Array.isArray(value)) throw new UnexpectedShapeError('expected Object');
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  throw new UnexpectedShapeError(`${place === null ? '' : `${place}: `}expected ${issue.expected ?? 'another value'}`);
}

/** The users in a response of `/user`. This and the functions below throw UnexpectedShapeError. */
export function parseUsers(value: unknown): readonly User[] {
  const permissionsOf = permissionReader();
  return (parseAs(userList, value).users ?? []).map((user) => ({
    name: user.name,
    hash: user.hash === null || user.hash === undefined ? undefined : new Secret(user.hash),
    permissions: permissionsOf(user.permissions),
  }));
}

export function parseRoles(value: unknown): readonly Role[] {
  const permissionsOf = permissionReader();
  return (parseAs(roleList, value).roles ?? []).map((role) => ({
    name: role.name,
    permissions: permissionsOf(role.permissions),
    users: role.users ?? noNames,
  }));
}

export function parseStatus(value: unknown): MetaStatus {
  return parseAs(status, value);
}

export function parseCluster(value: unknown): ClusterView {
  return parseAs(cluster, value);
}

export function parseLdapConfig(value: unknown): LdapConfig {
  return { enabled: parseAs(ldap, value).structured?.enabled ?? false };
}

/** A POST to `/user`. */
export type UserWrite =
  | {
      readonly action: 'create';
      readonly user: {
        readonly name: string;
        readonly password?: Secret | undefined;
        /** A hash instead of the password; not every server accepts it. */
        readonly hash?: Secret | undefined;
        /** Not every server accepts them on create; the action `add-permissions` always works. */
        readonly permissions?: Permissions | undefined;
      };
    }
  | { readonly action: 'delete'; readonly user: { readonly name: string } }
  | { readonly action: 'change-password'; readonly user: { readonly name: string; readonly password: Secret } }
  | {
      readonly action: 'add-permissions' | 'remove-permissions';
      readonly user: { readonly name: string; readonly permissions: Permissions };
    };

/** A POST to `/role`. */
export type RoleWrite =
  | {
      readonly action: 'create';
      readonly role: {
        readonly name: string;
        /** Not every server accepts these two on create; their own actions always work. */
        readonly permissions?: Permissions | undefined;
        readonly users?: readonly string[] | undefined;
      };
    }
  | { readonly action: 'delete'; readonly role: { readonly name: string } }
  | {
      readonly action: 'add-users' | 'remove-users';
      readonly role: { readonly name: string; readonly users: readonly string[] };
    }
  | {
      readonly action: 'add-permissions' | 'remove-permissions';
      readonly role: { readonly name: string; readonly permissions: Permissions };
    };

export interface EncodedWrite {
  readonly path: '/user' | '/role';
  /** What an error says that could not be done. */
  readonly purpose: () => string;
  /** JSON as it is sent. */
  readonly body: string;
  /** The same without password and hash. */
  readonly redactedBody: () => string;
  readonly secrets: readonly Secret[];
}

interface WriteFields {
  readonly name: string;
  readonly password?: Secret | undefined;
  readonly hash?: Secret | undefined;
  readonly permissions?: Permissions | undefined;
  readonly users?: readonly string[] | undefined;
}

function encodeWrite(
  noun: 'user' | 'role',
  action: string,
  fields: WriteFields,
): Pick<EncodedWrite, 'body' | 'redactedBody' | 'secrets'> {
  const { name, password, hash, permissions, users } = fields;
  const text = (reveal: (secret: Secret) => string) =>
    JSON.stringify({
      action,
      [noun]: {
        name,
        password: password && reveal(password),
        hash: hash && reveal(hash),
        permissions: permissions && Object.fromEntries(permissions),
        users,
      },
    });
  return {
    body: text((secret) => secret.reveal()),
    redactedBody: () => text(String),
    secrets: [password, hash].filter((secret) => secret !== undefined),
  };
}

const purposes: Readonly<Record<(UserWrite | RoleWrite)['action'], string>> = {
  create: 'create',
  delete: 'delete',
  'change-password': 'change the password of',
  'add-permissions': 'add permissions to',
  'remove-permissions': 'remove permissions from',
  'add-users': 'add users to',
  'remove-users': 'remove users from',
};

export function encodeUserWrite({ action, user }: UserWrite): EncodedWrite {
  const purpose = () => `${purposes[action]} user ${quoteExcerpt(user.name)}`;
  return { path: '/user', purpose, ...encodeWrite('user', action, user) };
}

export function encodeRoleWrite({ action, role }: RoleWrite): EncodedWrite {
  const purpose = () => `${purposes[action]} role ${quoteExcerpt(role.name)}`;
  return { path: '/role', purpose, ...encodeWrite('role', action, role) };
}

/** A path with a query. Throws a usage error for a value that is not valid Unicode. */
export function metaRequestPath(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (/[\ud800-\udfff]/u.test(value))
      throw usageError('invalid-unicode', `${key} ${quoteExcerpt(value)} is not valid Unicode`);
    return `${key}=${encodeURIComponent(value)}`;
  });
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

function entryOf(kind: AclKind, fields: AclFields, key?: string): AclEntry {
  const id = fields['id'] ?? fields['ID'] ?? key;
  return { kind, id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined, fields };
}

/**
 * The entries in a response to a list, in whatever shape: an array, an object that has one, or an object with an entry
 * for each id. Throws UnexpectedShapeError.
 */
export function parseAclList(kind: AclKind, value: unknown): readonly AclEntry[] {
  if (value === null) return [];
  if (Array.isArray(value) && value.every(isAclFields)) return value.map((fields) => entryOf(kind, fields));
  if (isAclFields(value)) {
    if (`${kind}s` in value) return parseAclList(kind, value[`${kind}s`]);
    const entries = Object.entries(value);
    const lists = entries.filter(([, item]) => Array.isArray(item));
    if (lists.length === 1) return parseAclList(kind, lists[0]?.[1]);
    const byId = entries.flatMap(([id, item]) =>
      isAclFields(item) && 'permissions' in item ? [entryOf(kind, item, id)] : [],
    );
    if (byId.length === entries.length) return byId;
  }
  throw new UnexpectedShapeError(`expected a list of ${kind}s`);
}

/** The id in a response to a create: of the entry itself, or of one in it; undefined where there is none. */
export function createdId(kind: AclKind, body: Uint8Array): string | undefined {
  if (body.length === 0) return undefined;
  const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
  const inner = isAclFields(value) ? (value[kind] ?? value) : value;
  return isAclFields(inner) ? entryOf(kind, inner).id : undefined;
}
