import { nearest } from '../../model/nearest.js';
import { checkNewName, showName } from '../../model/name.js';
import { KapadminError } from '../../errors.js';
import type { Kept } from '../plan/protect.js';
import { below, spotAt, type Spot } from '../problem.js';
import type { Actual, Wanted, WantedRole, WantedUser } from '../wanted.js';
import { itemsOf, quoted, spotOf, type Rule, type Tell } from './rule.js';

export interface ClusterFacts {
  readonly wanted: Wanted;
  readonly actual: Actual;
  /** Names that the plan leaves out, and why. */
  readonly kept: readonly Kept[];
  readonly setPasswords: boolean;
}

/** For more strangers than this no nearest name is looked for. */
const mostHints = 20;

/** Finds the name that was probably meant, for the first strangers only: it looks at all names there are. */
function hintsFor(known: readonly ReadonlyMap<string, unknown>[]): (name: string) => string | undefined {
  let left = mostHints;
  return (name) => {
    if (left-- <= 0) return undefined;
    const near = nearest(name, [...new Set(known.flatMap((names) => [...names.keys()]))]);
    return near === undefined ? undefined : `did you mean ${quoted(near)}?`;
  };
}

function tellStrangers(
  what: 'user' | 'role',
  names: readonly string[],
  known: readonly ReadonlyMap<string, unknown>[],
  spot: () => Spot,
  hintFor: (name: string) => string | undefined,
  tell: Tell,
): void {
  for (const [i, name] of names.entries()) {
    if (known.some((there) => there.has(name))) continue;
    const message = `there is no ${what} ${quoted(name)}, neither here nor in the cluster`;
    tell.error(message, below(spot(), i), hintFor(name));
  }
}

function nameFault(item: WantedUser | WantedRole): string | undefined {
  try {
    checkNewName('members' in item ? 'role' : 'user', item.name);
    return undefined;
  } catch (error) {
    if (error instanceof KapadminError) return error.message;
    throw error;
  }
}

/** What is wrong with the state where it meets a cluster. */
export const clusterRules: readonly Rule<ClusterFacts>[] = [
  {
    name: 'no-such-user',
    check({ wanted, actual }, tell) {
      const known = [wanted.users, actual.users];
      const hints = hintsFor(known);
      for (const role of wanted.roles.values()) {
        tellStrangers('user', role.members, known, () => below(spotOf(role), 'members'), hints, tell);
      }
    },
  },
  {
    name: 'no-such-role',
    check({ wanted, actual }, tell) {
      const known = [wanted.roles, actual.roles];
      const hints = hintsFor(known);
      for (const user of wanted.users.values()) {
        tellStrangers('role', user.roles, known, () => below(spotOf(user), 'roles'), hints, tell);
      }
    },
  },
  {
    name: 'no-password',
    check({ wanted, actual }, tell) {
      for (const user of wanted.users.values()) {
        if (user.password !== undefined || user.hash !== undefined || actual.users.has(user.name)) continue;
        const hint = 'Give it a password: { env: NAME }, { file: PATH } or { generate: true }.';
        tell.error(`user ${quoted(user.name)} is to be created and has no password`, spotOf(user), hint);
      }
    },
  },
  {
    name: 'bad-name',
    check({ wanted, actual }, tell) {
      for (const item of itemsOf(wanted)) {
        if (('members' in item ? actual.roles : actual.users).has(item.name)) continue;
        const fault = nameFault(item);
        if (fault !== undefined) tell.error(fault, spotOf(item));
      }
    },
  },
  {
    name: 'hash-of-existing-user',
    check({ wanted, actual, setPasswords }, tell) {
      if (!setPasswords) return;
      for (const user of wanted.users.values()) {
        if (user.hash === undefined || !actual.users.has(user.name)) continue;
        const message = `user ${quoted(user.name)} exists: the meta API sets a hash only when it creates a user`;
        tell.warn(message, below(spotOf(user), 'hash'));
      }
    },
  },
  {
    name: 'lock-out',
    check({ wanted, kept }, tell) {
      const told = new Set<string>();
      for (const { user, reason } of kept) {
        if (told.has(user)) continue;
        told.add(user);
        const who =
          reason === 'own-account'
            ? `${showName(user)}, the account of this connection,`
            : `${showName(user)}, the last user with CreateUserAndRole,`;
        const listed = wanted.users.get(user);
        const { managedBy } = wanted.options;
        const spot = listed === undefined ? spotAt(managedBy, 'options', 'manage') : spotOf(listed);
        tell.warn(`this would lock out ${who} which is kept`, spot, 'To do it all the same: --allow-lockout');
      }
    },
  },
];
