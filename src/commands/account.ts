import type { Login } from '../mutations/transport.js';
import type { Deps } from '../cli/factory.js';
import { showName } from '../model/text.js';

/** The account that sends the requests, where it is a user of the cluster. */
export async function ownAccount(deps: Deps): Promise<string | undefined> {
  const { credentials } = await deps.settings();
  return credentials.kind === 'none' || credentials.username === '' ? undefined : credentials.username;
}

/** The login of this connection: what is done to it comes last. */
export async function loginOf(deps: Deps): Promise<Login | undefined> {
  const { credentials } = await deps.settings();
  if (credentials.kind !== 'basic') return undefined;
  const { username } = credentials;
  return { name: username, again: (password) => deps.metaAs({ kind: 'basic', username, password }) };
}

/** Warns that the account of the connection has a new password, and where the old one still stands. */
export async function warnOfOldPassword(name: string, deps: Deps): Promise<void> {
  const { passwordPlace } = await deps.settings();
  const where = passwordPlace === undefined ? '' : `; ${passwordPlace} holds the old one: put the new one there`;
  deps.notes.warn(
    `${showName(name)} is the account of this connection: log in with the new password from now on${where}`,
  );
}
