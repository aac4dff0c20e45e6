import type { ConformanceFacts } from '../../diagnostics/doctor/facts.js';
import { metaRequestPath, parseAclList, UnexpectedShapeError } from '../../meta/wire.js';
import { isBcryptHash, maxBcryptBytes, Secret } from '../../model/secret.js';
import { aclDatabase, aclKinds, type ProbeResponse, type ProbeSession } from './session.js';
import { holdsPermission } from '../../model/permissions.js';
import { type AclEntry, type AclKind, isAclFields } from '../../model/acl.js';

/** What became of a write that the node may refuse, ignore or change. */
type WriteOutcome = 'kept' | 'changed' | 'ignored' | 'refused';

/** Whether a password logs in, as `/authorized` responds; undefined where it responds with neither 200 nor 401. */
async function logsIn(session: ProbeSession, name: string, password: Secret): Promise<boolean | undefined> {
  const query = { name, password: password.reveal(), permission: 'NoPermissions', resource: '' };
  const path = metaRequestPath('/authorized', query);
  const { status } = await session.send({ label: 'GET /authorized', path, secrets: [password] });
  return status === 200 ? true : status === 401 ? false : undefined;
}

/** `bcrypt-2a`, `pbkdf2-sha256`, `none`; never a part of the hash itself. */
function hashForm(hash: Secret | undefined): string {
  const text = hash?.reveal() ?? '';
  if (text === '') return 'none';
  if (hash !== undefined && isBcryptHash(hash)) return `bcrypt-${text.slice(1, 3)}`;
  const [, scheme] = /^\$?(pbkdf2(?:-sha\d{1,3})?)(?![a-z0-9])/i.exec(text) ?? [];
  return scheme?.toLowerCase() ?? 'other';
}

function withoutUndefined(facts: Readonly<Record<string, string | number | boolean | undefined>>): ConformanceFacts {
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
  );
}

/** A user with a known password, and the form of the hash that the cluster stores for it. */
export async function probeStoredHash(
  session: ProbeSession,
  name: string,
  password: Secret,
): Promise<{ readonly facts: ConformanceFacts; readonly hash: Secret | undefined }> {
  await session.write('user', 'create', 'create', { name, password });
  const user = await session.readUser(name);
  const hash = user?.hash;
  const [, cost] = /^\$2.\$(\d\d)\$/.exec(hash?.reveal() ?? '') ?? [];
  const facts = { form: hashForm(hash), cost: cost === undefined ? undefined : Number(cost) };
  return { facts: withoutUndefined({ ...facts, logsIn: await logsIn(session, name, password) }), hash };
}

/** Forms of one bcrypt hash: the digest is the same. */
const bcryptForms = ['2a', '2b', '2y'] as const;

/** A PBKDF2 hash of nothing, in the form that is known from elsewhere; nobody can log in with it. */
const pbkdf2 = `$pbkdf2-sha256$310000$${'A'.repeat(22)}$${'A'.repeat(43)}`;

async function createWithHash(session: ProbeSession, label: string, name: string, hash: Secret) {
  const { isDone } = await session.write('user', `create with hash ${label}`, 'create', { name, hash });
  if (!isDone) return 'refused';
  const user = await session.readUser(name);
  if (user?.hash === undefined || user.hash.reveal() === '') return 'ignored';
  return user.hash.reveal() === hash.reveal() ? 'kept' : 'changed';
}

/** Creates users with ready hashes: of bcrypt, of PBKDF2, and the one that the cluster stored itself. */
export async function probeHashAtCreate(
  session: ProbeSession,
  names: readonly string[],
  known: { readonly password: Secret; readonly stored: Secret | undefined },
): Promise<ConformanceFacts> {
  const { hash: bcryptHash } = await import('bcryptjs');
  const own = await bcryptHash(known.password.reveal(), 4);
  const forms = new Map<string, string>(bcryptForms.map((form) => [`bcrypt${form}`, `$${form}${own.slice(3)}`]));
  forms.set('pbkdf2Sha256', pbkdf2);
  if (known.stored !== undefined && known.stored.reveal() !== '') forms.set('stored', known.stored.reveal());
  const facts: Record<string, string | boolean | undefined> = {};
  for (const [i, [form, hash]] of [...forms].entries()) {
    const name = names[i] ?? '';
    const outcome: WriteOutcome = await createWithHash(session, form, name, new Secret(hash));
    facts[form] = outcome;
    if (form === 'pbkdf2Sha256' || outcome === 'refused') continue;
    facts[`${form}LogsIn`] = await logsIn(session, name, known.password);
  }
  return withoutUndefined(facts);
}

/** A password of one byte more than bcrypt reads. */
export async function probeLongPassword(session: ProbeSession, name: string): Promise<ConformanceFacts> {
  const password = new Secret(session.secretText(maxBcryptBytes).slice(0, maxBcryptBytes + 1));
  const { isDone, status } = await session.write('user', 'create with 73 bytes', 'create', { name, password });
  if (!isDone) return { created: false, status };
  await session.readUser(name);
  const first = new Secret(password.reveal().slice(0, maxBcryptBytes));
  return withoutUndefined({
    created: true,
    logsIn: await logsIn(session, name, password),
    first72BytesLogIn: await logsIn(session, name, first),
  });
}

/** Sends `/ping` with credentials and without. */
export async function probePing(session: ProbeSession): Promise<ConformanceFacts> {
  const ping = (label: string, isAnonymous: boolean): Promise<ProbeResponse> =>
    session.send({ label: `GET /ping ${label}`, path: '/ping', isAnonymous });
  const anonymous = await ping('without credentials', true);
  const own = await ping('with credentials', false);
  return { withoutCredentials: anonymous.status, withCredentials: own.status };
}

/** The user record of the connection's account, where users come from LDAP. */
export async function probeLdapRecord(session: ProbeSession, username: string): Promise<ConformanceFacts> {
  const user = await session.readUser(username, () => true);
  if (user === undefined) return { found: false };
  return { found: true, hash: hashForm(user.hash), permissions: user.permissions.size > 0 };
}

/** Means nothing to Kapacitor: where it shows, the temporary user may still do nothing there. */
const permission = 'ViewChronograf';
const everywhere = { '': [permission] };

/** Whether the user record of a member includes the permission of its role; undefined where the role itself lacks it. */
export async function probeRoleCopy(session: ProbeSession, user: string, role: string): Promise<boolean | undefined> {
  await session.write('role', 'create', 'create', { name: role });
  await session.write('role', 'add-permissions', 'add-permissions', { name: role, permissions: everywhere });
  await session.write('role', 'add-users', 'add-users', { name: role, users: [user] });
  const stored = await session.readRole(role, (one) => {
    return one !== undefined && holdsPermission(one.permissions, permission, '') && one.users.includes(user);
  });
  if (stored === undefined || !holdsPermission(stored.permissions, permission, '')) return undefined;
  if (!stored.users.includes(user)) return undefined;
  const member = await session.readUser(user);
  return member === undefined ? undefined : holdsPermission(member.permissions, permission, '');
}

/** Creates roles with permissions, and with users, at once. */
export async function probeRoleContents(
  session: ProbeSession,
  [first = '', second = '']: readonly string[],
  user: string,
): Promise<ConformanceFacts> {
  const outcome = async (isDone: boolean, name: string, isKept: () => Promise<boolean>): Promise<WriteOutcome> => {
    if (!isDone) return 'refused';
    if ((await session.readRole(name)) === undefined) return 'ignored';
    return (await isKept()) ? 'kept' : 'ignored';
  };
  const withPermissions = { name: first, permissions: everywhere };
  const granted = await session.write('role', 'create with permissions', 'create', withPermissions);
  const permissions = await outcome(granted.isDone, first, async () => {
    const role = await session.readRole(first, (one) => one !== undefined && one.permissions.size > 0);
    return role !== undefined && holdsPermission(role.permissions, permission, '');
  });
  const joined = await session.write('role', 'create with users', 'create', { name: second, users: [user] });
  const users = await outcome(joined.isDone, second, async () => {
    const role = await session.readRole(second, (one) => one !== undefined && one.users.length > 0);
    return role !== undefined && role.users.includes(user);
  });
  return { permissions, users };
}

/** Actions that may rename; only `add-permissions` is one of the known ones. */
const renames = {
  rename: 'rename',
  changeName: 'change-name',
  update: 'update',
  addPermissions: 'add-permissions',
} as const;

/** Sends `newName` for a role; it stops at the first action that renames it. */
export async function probeNewName(session: ProbeSession, role: string, newName: string): Promise<ConformanceFacts> {
  const facts: Record<string, string> = {};
  for (const [key, action] of Object.entries(renames)) {
    const permissions = action === 'add-permissions' ? { permissions: everywhere } : {};
    const { isDone } = await session.write('role', `${action} with newName`, action, {
      name: role,
      newName,
      ...permissions,
    });
    if (!isDone) {
      facts[key] = 'refused';
      continue;
    }
    const renamed = await session.readRole(newName);
    facts[key] = renamed === undefined ? 'ignored' : 'renamed';
    if (renamed !== undefined) break;
  }
  return facts;
}

const unknownPermission = 'KapadminProbe';

/** Grants an unknown permission and one on an unknown database to a user, and adds an unknown user to a role. */
export async function probeUnknownNames(
  session: ProbeSession,
  { user, role, nobody }: { readonly user: string; readonly role: string; readonly nobody: string },
): Promise<ConformanceFacts> {
  const { database } = session;
  const grant = async (label: string, name: string, scope: string): Promise<WriteOutcome> => {
    const fields = { name: user, permissions: { [scope]: [name] } };
    const { isDone } = await session.write('user', `add-permissions ${label}`, 'add-permissions', fields);
    if (!isDone) return 'refused';
    const holds = (permissions: ReadonlyMap<string, readonly string[]>): boolean =>
      permissions.get(scope)?.includes(name) === true;
    const record = await session.readUser(user, (one) => one !== undefined && holds(one.permissions));
    return record !== undefined && holds(record.permissions) ? 'kept' : 'ignored';
  };
  const addNobody = async (): Promise<WriteOutcome> => {
    const fields = { name: role, users: [nobody] };
    const { isDone } = await session.write('role', 'add-users unknown', 'add-users', fields);
    if (!isDone) return 'refused';
    const stored = await session.readRole(role, (one) => one?.users.includes(nobody) === true);
    return stored?.users.includes(nobody) === true ? 'kept' : 'ignored';
  };
  return {
    permission: await grant('unknown', unknownPermission, ''),
    database: await grant('on an unknown database', 'ReadData', database),
    member: await addNobody(),
  };
}

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
