import { passwordFits } from '../../mutations/transport.js';
import type { Deps } from '../../deps.js';
import { KapadminError } from '../../errors.js';
import { showName } from '../../model/name.js';
import type { Secret } from '../../model/secret.js';
import type { Drift } from '../../output/views/plan.js';
import { wholePath } from '../../settings/state-files.js';
import { stopped } from '../../settings/stopped.js';
import type { Actual, Wanted, WantedUser } from '../../desired-state/desired-state.js';
import { readPasswords } from './passwords-file.js';
import { hashesOf } from './load.js';
import { makeReader } from './secrets.js';

/** More comparisons than this are announced: each takes a moment. */
const quick = 20;

/** Whether a user's password, or its hash, is the one in the files; undefined where that cannot be told. */
async function fits(
  user: WantedUser,
  hash: Secret | undefined,
  secretOf: (user: WantedUser) => Promise<Secret | undefined>,
): Promise<boolean | undefined> {
  const secret = await secretOf(user);
  if (secret === undefined) return undefined;
  return user.password === undefined ? hash?.reveal() === secret.reveal() : passwordFits(secret, hash);
}

/**
 * Compares the passwords of the files with the hashes of the cluster. One that cannot be read, or whose hash is not
 * bcrypt, is told as unknown.
 */
export async function findDrift(
  wanted: Wanted,
  actual: Actual,
  passwordsOut: string | undefined,
  deps: Deps,
): Promise<Drift> {
  const { notes, context } = deps;
  const generated =
    passwordsOut === undefined
      ? new Map<string, Secret>()
      : await readPasswords(wholePath(passwordsOut, context), context);
  const read = makeReader(hashesOf(wanted), deps);
  const secretOf = async (user: WantedUser): Promise<Secret | undefined> => {
    const ref = user.password ?? user.hash;
    if (ref === undefined || ref.from === 'generate') return generated.get(user.name);
    try {
      return await read(ref, user.name);
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      notes.warn(`cannot compare the password of ${showName(user.name)}: ${error.message}`);
      return undefined;
    }
  };
  const users = [...wanted.users.values()].filter((user) => {
    return (user.password ?? user.hash) !== undefined && actual.users.has(user.name);
  });
  if (users.length > quick) notes.note(`Comparing ${users.length} passwords by bcrypt.`);
  const differing: string[] = [];
  const unknown: string[] = [];
  for (const user of users) {
    if (context.stop.aborted) throw stopped(context.stop, 'stopped while passwords were compared: nothing was sent');
    const fit = await fits(user, actual.users.get(user.name)?.hash, secretOf);
    if (fit === undefined) unknown.push(user.name);
    else if (!fit) differing.push(user.name);
  }
  return { differing: differing.sort(), unknown: unknown.sort() };
}
