import type { ConformanceFacts } from '../../diagnostics/doctor/conformance.js';
import type { ProbeResponse, ProbeSession } from './session.js';
import { aclDatabase, aclEntries, type AclFields, type AclKind, aclKinds, aclPath, isAclFields } from './acl.js';

/** The list; of its entries only those for a temporary database are looked at, and recorded. */
async function list(
  session: ProbeSession,
  kind: AclKind,
): Promise<ProbeResponse & { readonly own: readonly AclFields[] }> {
  const isOwn = (entry: AclFields): boolean => aclDatabase(entry) === session.database;
  const label = `GET ${aclPath(kind)}`;
  const response = await session.send({ label, path: aclPath(kind), keep: (value) => ownEntries(kind, value, isOwn) });
  return { ...response, own: aclEntries(kind, response.value).filter(isOwn) };
}

/** The same response without the entries of others. */
function ownEntries(kind: AclKind, value: unknown, isOwn: (entry: AclFields) => boolean): unknown {
  const keep = (items: unknown): unknown =>
    Array.isArray(items) ? items.filter((item) => isAclFields(item) && isOwn(item)) : items;
  if (!isAclFields(value)) return keep(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === kind || key === 'data' ? keep(item) : item]),
  );
}

/** Creates one; the kind is noted for removal before anything is sent. */
function create(session: ProbeSession, kind: AclKind, label: string, more: object): Promise<ProbeResponse> {
  session.temporary.touchAcl(kind);
  const database = { match: 'exact', value: session.database };
  return session.send({
    label: `POST ${aclPath(kind)} ${label}`,
    method: 'POST',
    path: aclPath(kind),
    body: { database, permissions: ['read'], ...more },
  });
}

function listKey(kind: AclKind, value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (!isAclFields(value)) return 'none';
  return value[kind] === undefined ? (value['data'] === undefined ? 'other' : 'data') : kind;
}

const outcome = ({ isDone }: ProbeResponse): string => (isDone ? 'accepted' : 'refused');

/** Whether the cluster has these endpoints, and in which shape their lists are. */
export async function probeAclResponses(session: ProbeSession): Promise<{ facts: ConformanceFacts; isThere: boolean }> {
  const lists = { restrictions: await list(session, 'restrictions'), grants: await list(session, 'grants') };
  const isThere = lists.restrictions.isDone && lists.grants.isDone;
  if (!isThere) return { facts: { restrictions: lists.restrictions.status, grants: lists.grants.status }, isThere };
  return {
    isThere,
    facts: {
      restrictionsIn: listKey('restrictions', lists.restrictions.value),
      grantsIn: listKey('grants', lists.grants.value),
    },
  };
}

/** A restriction for a database that does not exist, and grants for a user and a role that do not. */
export async function probeAclUnknownNames(session: ProbeSession, nobody: string): Promise<ConformanceFacts> {
  const database = await create(session, 'restrictions', 'unknown database', {});
  const user = await create(session, 'grants', 'unknown user', { users: [{ name: nobody }] });
  const role = await create(session, 'grants', 'unknown role', { roles: [{ name: nobody }] });
  for (const kind of aclKinds) await list(session, kind);
  return { database: outcome(database), user: outcome(user), role: outcome(role) };
}

/** A grant for a user that is then deleted. */
export async function probeAclOfDeletedUser(
  session: ProbeSession,
  user: string,
): Promise<ConformanceFacts | undefined> {
  const namesUser = (entry: AclFields): boolean => JSON.stringify(entry['users'] ?? null).includes(user);
  const made = await create(session, 'grants', 'for a user', { users: [{ name: user }] });
  if (!made.isDone) return undefined;
  await session.write('user', 'delete', 'delete', { name: user });
  await session.readUser(user, (one) => one === undefined);
  const { own } = await list(session, 'grants');
  return { grant: own.some(namesUser) ? 'kept' : 'removed' };
}
