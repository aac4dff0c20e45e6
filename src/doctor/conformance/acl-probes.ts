import type { ConformanceFacts } from '../../diagnostics/doctor/conformance.js';
import { parseAclList } from '../../meta/acl.js';
import { UnexpectedShapeError } from '../../meta/wire.js';
import { type AclEntry, type AclKind, isAclFields } from '../../model/acl.js';
import { aclDatabase, aclKinds } from './remove-acl.js';
import type { ProbeResponse, ProbeSession } from './session.js';

const listPath = (kind: AclKind): string => `/influxdb/v2/acl/${kind}s`;

function entriesOf(kind: AclKind, value: unknown): readonly AclEntry[] {
  try {
    return parseAclList(kind, value);
  } catch (error) {
    if (error instanceof UnexpectedShapeError) return [];
    throw error;
  }
}

/** A list without the entries of others. */
function onlyOwn(value: unknown, database: string): unknown {
  const keep = (items: unknown): unknown =>
    Array.isArray(items) ? items.filter((item) => isAclFields(item) && aclDatabase(item) === database) : items;
  if (!isAclFields(value)) return keep(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keep(item)]));
}

/** The list; of its entries only those for the temporary database are looked at, and recorded. */
async function list(session: ProbeSession, kind: AclKind) {
  const { database } = session;
  const path = listPath(kind);
  const response = await session.send({ label: `GET ${path}`, path, keep: (value) => onlyOwn(value, database) });
  const own = entriesOf(kind, response.value).filter(({ fields }) => aclDatabase(fields) === database);
  return { ...response, own };
}

/** Creates one; that there may be some to remove is noted before anything is sent. */
function create(session: ProbeSession, kind: AclKind, label: string, more: object): Promise<ProbeResponse> {
  session.temporary.touchAcl();
  const database = { match: 'exact', value: session.database };
  const path = listPath(kind);
  const body = { database, permissions: ['read'], ...more };
  return session.send({ label: `POST ${path} ${label}`, method: 'POST', path, body });
}

function shapeName(kind: AclKind, value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return isAclFields(value) && `${kind}s` in value ? `${kind}s` : 'other';
}

const outcome = ({ isDone }: ProbeResponse): string => (isDone ? 'accepted' : 'refused');

/** Whether the cluster has these endpoints, and in which shape their lists are. */
export async function probeAclResponses(session: ProbeSession): Promise<{ facts: ConformanceFacts; isThere: boolean }> {
  const [restrictions, grants] = [await list(session, 'restriction'), await list(session, 'grant')];
  const isThere = restrictions.isDone && grants.isDone;
  if (!isThere) return { facts: { restrictions: restrictions.status, grants: grants.status }, isThere };
  const restrictionsIn = shapeName('restriction', restrictions.value);
  return { isThere, facts: { restrictionsIn, grantsIn: shapeName('grant', grants.value) } };
}

/** A restriction for a database that does not exist, and grants for a user and a role that do not. */
export async function probeAclUnknownNames(session: ProbeSession, nobody: string): Promise<ConformanceFacts> {
  const database = await create(session, 'restriction', 'unknown database', {});
  const user = await create(session, 'grant', 'unknown user', { users: [{ name: nobody }] });
  const role = await create(session, 'grant', 'unknown role', { roles: [{ name: nobody }] });
  for (const kind of aclKinds) await list(session, kind);
  return { database: outcome(database), user: outcome(user), role: outcome(role) };
}

/** A grant for a user that is then deleted. */
export async function probeAclOfDeletedUser(
  session: ProbeSession,
  user: string,
): Promise<ConformanceFacts | undefined> {
  const namesUser = ({ fields }: AclEntry): boolean => JSON.stringify(fields['users'] ?? null).includes(user);
  const made = await create(session, 'grant', 'for a user', { users: [{ name: user }] });
  if (!made.isDone) return undefined;
  await session.write('user', 'delete', 'delete', { name: user });
  await session.readUser(user, (one) => one === undefined);
  const { own } = await list(session, 'grant');
  return { grant: own.some(namesUser) ? 'kept' : 'removed' };
}
