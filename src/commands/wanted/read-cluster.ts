import { readFound } from '../../change/found.js';
import type { Deps } from '../../deps.js';
import type { Actual } from '../../state/wanted.js';

/** All users and roles of the cluster. */
export async function readCluster(deps: Deps, stop = deps.context.stop): Promise<Actual> {
  return readFound(await deps.meta(), { users: 'all', roles: 'all' }, stop);
}

/** The account that sends the requests, where it is a user of the cluster. */
export async function ownAccount(deps: Deps): Promise<string | undefined> {
  const { credentials } = await deps.settings();
  return credentials.kind === 'none' || credentials.username === '' ? undefined : credentials.username;
}
