import { checkNewName, excerpt, nearest, showName } from '../model/text.js';
import { below, type Report, type Spot, spotAt } from './problems.js';
import type { Actual, Wanted, WantedRole, WantedUser } from './desired-state.js';
import { isPermission, permissionHint } from '../model/permissions.js';
import { isKapacitorPermission } from '../model/effective-permissions.js';
import { KapadminError } from '../errors.js';
import type { Kept } from './protect.js';

/** How a rule tells what it finds; the code is the rule's name. */
export interface Tell {
  error(message: string, spot: Spot, hint?: string): void;
  warn(message: string, spot: Spot, hint?: string): void;
}

/** A named statement about the wanted state. */
export interface Rule<Facts> {
  readonly name: string;
  check(facts: Facts, tell: Tell): void;
}

export function runRules<Facts>(rules: readonly Rule<Facts>[], facts: Facts, report: Report): void {
  for (const { name, check } of rules) {
    check(facts, {
      error: (message, spot, hint) => report.error(name, message, spot, hint),
      warn: (message, spot, hint) => report.warn(name, message, spot, hint),
    });
  }
}

export function spotOf(item: WantedUser | WantedRole): Spot {
  return spotAt(item.file, 'members' in item ? 'roles' : 'users', item.name);
}

/** A name of a file's making, quoted for a message. */
export function quoted(name: string): string {
  return `"${excerpt(name, 60)}"`;
}

export type Items = readonly (WantedUser | WantedRole)[];

export function itemsOf({ users, roles }: Wanted): Items {
  return [...users.values(), ...roles.values()];
}

export interface FileFacts {
  readonly wanted: Wanted;
  /** Its users and roles. */
  readonly items: Items;
  /** Permissions that nobody knows are sent all the same. */
  readonly force: boolean;
}

const bcryptHash = /^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/;

function permissionsSpot(item: WantedUser | WantedRole, scope: string): Spot {
  return below(below(spotOf(item), 'permissions'), scope);
}

/** What is wrong with the state itself, whatever the cluster holds. */
export const fileRules: readonly Rule<FileFacts>[] = [
  {
    name: 'unknown-permission',
    check({ items, force }, tell) {
      for (const item of items) {
        for (const [scope, names] of item.permissions) {
          for (const [i, name] of names.entries()) {
            if (isPermission(name)) continue;
            const spot = below(permissionsSpot(item, scope), i);
            const message = `unknown permission ${quoted(name)}`;
            if (force) tell.warn(`${message}: Kapacitor can then no longer log this user in`, spot);
            else tell.error(message, spot, permissionHint(name));
          }
        }
      }
    },
  },
  {
    name: 'repeated',
    check({ items }, tell) {
      const check = (names: readonly string[], spot: () => Spot): void => {
        if (names.length < 2 || new Set(names).size === names.length) return;
        for (const [i, name] of names.entries()) {
          if (names.indexOf(name) < i) tell.warn(`${quoted(name)} stands here twice`, below(spot(), i));
        }
      };
      for (const item of items) {
        for (const [scope, names] of item.permissions) check(names, () => permissionsSpot(item, scope));
        if ('members' in item) check(item.members, () => below(spotOf(item), 'members'));
        else check(item.roles, () => below(spotOf(item), 'roles'));
      }
    },
  },
  {
    name: 'kapacitor-right-under-database',
    check({ items }, tell) {
      for (const item of items) {
        for (const [scope, names] of item.permissions) {
          if (scope === '') continue;
          for (const [i, name] of names.entries()) {
            if (!isKapacitorPermission(name)) continue;
            const spot = below(permissionsSpot(item, scope), i);
            tell.warn(
              `${name} under the database ${quoted(scope)} counts for all of Kapacitor`,
              spot,
              'Put it under "".',
            );
          }
        }
      }
    },
  },
  {
    name: 'no-basic-login',
    check({ wanted }, tell) {
      for (const user of wanted.users.values()) {
        if (user.name.includes(':'))
          tell.warn(`${quoted(user.name)}: a name with ":" cannot log in by Basic`, spotOf(user));
        if (user.name === '~subscriber')
          tell.warn('Kapacitor keeps the name ~subscriber for its own tokens', spotOf(user));
      }
    },
  },
  {
    name: 'not-bcrypt',
    check({ wanted }, tell) {
      for (const user of wanted.users.values()) {
        if (user.hashValue === undefined || bcryptHash.test(user.hashValue.reveal())) continue;
        tell.warn(
          `the hash of ${quoted(user.name)} is not bcrypt: Kapacitor cannot check it`,
          below(spotOf(user), 'hash'),
        );
      }
    },
  },
  {
    name: 'absent-and-named',
    check({ wanted, items }, tell) {
      const { absentUsers, absentRoles } = wanted.options;
      for (const item of items) {
        const isRole = 'members' in item;
        if (!(isRole ? absentRoles : absentUsers).has(item.name)) continue;
        const what = isRole ? 'role' : 'user';
        tell.error(`${what} ${quoted(item.name)} is wanted here and absent in the options`, spotOf(item));
      }
    },
  },
];

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
