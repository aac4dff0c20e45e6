import { bugError, KapadminError, stopped } from '../errors.js';
import type { MetaClient } from '../meta/client-types.js';
import { holdsPermission } from '../model/permissions.js';
import { showNames } from '../model/text.js';
import { Secret } from '../model/secret.js';
import type { ProbeFacts } from '../diagnostics/doctor/facts.js';
import { probeNamePattern } from '../diagnostics/doctor/checks/users-and-roles.js';
import { type DoctorContext, tryRead } from './nodes.js';

/** Means nothing to Kapacitor: where it shows, the temporary user may still do nothing there. */
const permission = 'ViewChronograf';

const prefix = 'kapadmin-probe-';

type UserOrRole = 'user' | 'role';

async function exists(client: MetaClient, kind: UserOrRole, name: string): Promise<boolean> {
  const found = kind === 'user' ? await client.users({ name }) : await client.roles({ name });
  return found.length > 0;
}

/** Deletes a user or a role; false where it may still be there. */
export async function removeMade(client: MetaClient, kind: UserOrRole, name: string): Promise<boolean> {
  try {
    if (kind === 'user') await client.writeUser({ action: 'delete', user: { name } });
    else await client.writeRole({ action: 'delete', role: { name } });
    return true;
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    if (error.kind === 'not-found') return true;
    if (error.kind === 'unreachable') return false;
    return !(await exists(client, kind, name).catch(() => true));
  }
}

/** Removes the role and the user of these names, the role first; gives the names that are left. */
async function removeAll(client: MetaClient, names: readonly string[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const name of names) {
    const role = await removeMade(client, 'role', name);
    const user = await removeMade(client, 'user', name);
    if (!role || !user) left.push(name);
  }
  return left;
}

/** What earlier runs left behind. */
async function leftovers(client: MetaClient, signal: AbortSignal): Promise<readonly string[]> {
  const [users, roles] = await Promise.all([client.users({ signal }), client.roles({ signal })]);
  return [...new Set([...users, ...roles].map(({ name }) => name))].filter((name) => probeNamePattern.test(name));
}

/**
 * Creates a role with a permission and a member, and reads whether the member's user record includes it. Throws if the
 * role does not read back with both: then the record proves nothing.
 */
async function probeRoleCopy(
  client: MetaClient,
  name: string,
  password: Secret,
  signal: AbortSignal,
): Promise<boolean> {
  await client.writeUser({ action: 'create', user: { name, password } }, { signal });
  await client.writeRole({ action: 'create', role: { name } }, { signal });
  const permissions = new Map([['', [permission]]]);
  await client.writeRole({ action: 'add-permissions', role: { name, permissions } }, { signal });
  await client.writeRole({ action: 'add-users', role: { name, users: [name] } }, { signal });
  const [[user], [role]] = await Promise.all([client.users({ name, signal }), client.roles({ name, signal })]);
  if (user === undefined) throw notVisible('the temporary user is missing when it is read back');
  if (role === undefined) throw notVisible('the temporary role is missing when it is read back');
  if (!holdsPermission(role.permissions, permission, ''))
    throw notVisible('the temporary role has no permission when it is read back');
  if (!role.users.includes(name)) throw notVisible('the temporary role has no member when it is read back');
  return holdsPermission(user.permissions, permission, '');
}

function notVisible(message: string): KapadminError {
  return new KapadminError('server', 'not-visible', message);
}

/** What became of the temporary user and role. */
function describeCleanup(left: readonly string[]): string {
  if (left.length === 0) return 'the temporary user and role were removed';
  return `the temporary user or role ${showNames(left)} may be left: the next doctor --probe removes it`;
}

/**
 * Finds out with a temporary user and role whether user records include role permissions. Removes both afterwards, also
 * when stopped; then it rejects with a report.
 */
export async function probeRoles(client: MetaClient, { context }: DoctorContext): Promise<ProbeFacts> {
  const { stop } = context;
  const hex = (count: number): string => Buffer.from(context.randomBytes(count)).toString('hex');
  const name = `${prefix}${hex(6)}`;
  let earlier: readonly string[] = [];
  let kept: readonly string[] = [];
  let made = false;
  const probing = async (): Promise<boolean> => {
    earlier = await leftovers(client, stop);
    kept = await removeAll(client, earlier);
    made = true;
    return probeRoleCopy(client, name, new Secret(hex(32)), stop);
  };
  let fault: unknown;
  const copied = await tryRead(stop, probing).catch((error: unknown) => {
    if (!made) throw error;
    if (!stop.aborted) fault = error;
  });
  const left = made ? await removeAll(client, [name]).catch(() => [name]) : [];
  if (fault !== undefined) throw bugError(fault, `finish the probe (${describeCleanup(left)})`);
  if (copied === undefined || stop.aborted) throw stopped(stop, `stopped; ${describeCleanup(left)}`);
  return { shown: copied, removed: earlier.filter((one) => !kept.includes(one)), left: [...kept, ...left] };
}
