import { readFound } from '../../mutations/snapshot.js';
import type { Deps } from '../../deps.js';
import type { Actual } from '../../desired-state/desired-state.js';

/** All users and roles of the cluster. */
export async function readCluster(deps: Deps, stop = deps.context.stop): Promise<Actual> {
  return readFound(await deps.meta(), { users: 'all', roles: 'all' }, stop);
}
