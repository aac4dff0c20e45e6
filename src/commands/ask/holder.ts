import { notFound } from '../../mutations/guard.js';
import { readFound } from '../../mutations/snapshot.js';
import type { Deps } from '../../cli/factory.js';
import type { Permissions } from '../../model/user.js';

/** The permissions of a user or role. Throws where it is not there. */
export async function permissionsOf(on: 'user' | 'role', name: string, deps: Deps): Promise<Permissions> {
  const wanted = on === 'user' ? { users: [name] } : { roles: [name] };
  const { users, roles } = await readFound(await deps.meta(), wanted, deps.context.stop);
  const found = (on === 'user' ? users : roles).get(name);
  if (found !== undefined) return found.permissions;
  throw notFound(on, [name]);
}
