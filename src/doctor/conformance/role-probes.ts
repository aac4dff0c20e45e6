import type { ConformanceFacts } from '../../diagnostics/doctor/conformance.js';
import { holdsPermission } from '../../model/permissions.js';
import type { ProbeSession } from './session.js';
import type { WriteOutcome } from './user-probes.js';

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
