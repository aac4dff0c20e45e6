import { checkNewName } from '../model/user.js';
import { excerpt, nearest, showName } from '../model/text.js';
import { type ProblemReport, type Spot, spotAt, spotBelow } from './problems.js';
import type { CurrentState, DesiredRole, DesiredState, DesiredUser } from './desired-state.js';
import { isKapacitorPermission, isPermission, permissionHint } from '../model/permissions.js';
import { isBcryptHash } from '../model/secret.js';
import { KapadminError } from '../errors.js';
import type { ProtectedChange } from './protect.js';

/** How a rule reports a problem; the code is the rule's name. */
export interface RuleReporter {
  error(message: string, spot: Spot, hint?: string): void;
  warn(message: string, spot: Spot, hint?: string): void;
}

/** A named check of the desired state. */
export interface StateRule<Facts> {
  readonly name: string;
  check(facts: Facts, report: RuleReporter): void;
}

export function runStateRules<Facts>(rules: readonly StateRule<Facts>[], facts: Facts, report: ProblemReport): void {
  for (const { name, check } of rules) {
    check(facts, {
      error: (message, spot, hint) => report.error(name, message, spot, hint),
      warn: (message, spot, hint) => report.warn(name, message, spot, hint),
    });
  }
}

export function locateItem(item: DesiredUser | DesiredRole): Spot {
  return spotAt(item.file, 'members' in item ? 'roles' : 'users', item.name);
}

/** A name of a file's making, quoted for a message. */
function quotedName(name: string): string {
  return `"${excerpt(name, 60)}"`;
}

export type StateItems = readonly (DesiredUser | DesiredRole)[];

export function listItems({ users, roles }: DesiredState): StateItems {
  return [...users.values(), ...roles.values()];
}

export interface FileFacts {
  readonly desired: DesiredState;
  /** Its users and roles. */
  readonly items: StateItems;
  /** Unknown permissions are sent all the same. */
  readonly force: boolean;
}

function permissionsSpot(item: DesiredUser | DesiredRole, scope: string): Spot {
  return spotBelow(spotBelow(locateItem(item), 'permissions'), scope);
}

/** Checks of the state files alone. */
export const fileRules: readonly StateRule<FileFacts>[] = [
  {
    name: 'unknown-permission',
    check({ items, force }, report) {
      for (const item of items) {
        for (const [scope, names] of item.permissions) {
          for (const [i, name] of names.entries()) {
            if (isPermission(name)) continue;
            const spot = spotBelow(permissionsSpot(item, scope), i);
            const message = `unknown permission ${quotedName(name)}`;
            if (force)
              report.warn(`${message}: Kapacitor rejects every login of a user that has an unknown permission`, spot);
            else report.error(message, spot, permissionHint(name));
          }
        }
      }
    },
  },
  {
    name: 'repeated',
    check({ items }, report) {
      const check = (names: readonly string[], spot: () => Spot): void => {
        if (names.length < 2 || new Set(names).size === names.length) return;
        for (const [i, name] of names.entries()) {
          if (names.indexOf(name) < i) report.warn(`${quotedName(name)} is listed twice`, spotBelow(spot(), i));
        }
      };
      for (const item of items) {
        for (const [scope, names] of item.permissions) check(names, () => permissionsSpot(item, scope));
        if ('members' in item) check(item.members, () => spotBelow(locateItem(item), 'members'));
        else check(item.roles, () => spotBelow(locateItem(item), 'roles'));
      }
    },
  },
  {
    name: 'kapacitor-right-under-database',
    check({ items }, report) {
      for (const item of items) {
        for (const [scope, names] of item.permissions) {
          if (scope === '') continue;
          for (const [i, name] of names.entries()) {
            if (!isKapacitorPermission(name)) continue;
            const spot = spotBelow(permissionsSpot(item, scope), i);
            report.warn(
              `${name} cannot be limited to database ${quotedName(scope)}: it applies to all of Kapacitor`,
              spot,
              'Move it under "".',
            );
          }
        }
      }
    },
  },
  {
    name: 'no-basic-login',
    check({ desired }, report) {
      for (const user of desired.users.values()) {
        if (user.name.includes(':'))
          report.warn(
            `${quotedName(user.name)}: a name with ":" cannot log in to Kapacitor with Basic authentication`,
            locateItem(user),
          );
        if (user.name === '~subscriber')
          report.warn('Kapacitor reserves the name ~subscriber for its own tokens', locateItem(user));
      }
    },
  },
  {
    name: 'not-bcrypt',
    check({ desired }, report) {
      for (const user of desired.users.values()) {
        if (user.hashValue === undefined || isBcryptHash(user.hashValue)) continue;
        report.warn(
          `the hash of ${quotedName(user.name)} is not bcrypt: Kapacitor cannot check it`,
          spotBelow(locateItem(user), 'hash'),
        );
      }
    },
  },
  {
    name: 'absent-and-named',
    check({ desired, items }, report) {
      const { absentUsers, absentRoles } = desired.options;
      for (const item of items) {
        const isRole = 'members' in item;
        if (!(isRole ? absentRoles : absentUsers).has(item.name)) continue;
        const what = isRole ? 'role' : 'user';
        report.error(
          `${what} ${quotedName(item.name)} is defined here and also listed in options.absent`,
          locateItem(item),
        );
      }
    },
  },
];

export interface ClusterFacts {
  readonly desired: DesiredState;
  readonly cluster: CurrentState;
  /** Names that the plan leaves out, and why. */
  readonly protectedChanges: readonly ProtectedChange[];
  readonly setPasswords: boolean;
  /** There is no cluster, only files. */
  readonly isFilesOnly?: boolean;
}

/** Maximum number of unknown names for which a nearest name is searched. */
const maxHints = 20;

/** Finds the nearest known name, for the first unknown names only, because it compares all names. */
function hintsFor(known: readonly ReadonlyMap<string, unknown>[]): (name: string) => string | undefined {
  let left = maxHints;
  return (name) => {
    if (left-- <= 0) return undefined;
    const near = nearest(name, [...new Set(known.flatMap((names) => [...names.keys()]))]);
    return near === undefined ? undefined : `Did you mean ${quotedName(near)}?`;
  };
}

interface UnknownNameOptions {
  readonly spot: () => Spot;
  readonly hintFor: (name: string) => string | undefined;
  readonly isFilesOnly: boolean | undefined;
}

function reportUnknownNames(
  what: 'user' | 'role',
  names: readonly string[],
  known: readonly ReadonlyMap<string, unknown>[],
  { spot, hintFor, isFilesOnly }: UnknownNameOptions,
  report: RuleReporter,
): void {
  for (const [i, name] of names.entries()) {
    if (known.some((existing) => existing.has(name))) continue;
    const where = isFilesOnly === true ? 'the state files' : 'the state files or the cluster';
    const message = `${what} ${quotedName(name)} not found in ${where}`;
    report.error(message, spotBelow(spot(), i), hintFor(name));
  }
}

function nameProblem(item: DesiredUser | DesiredRole): string | undefined {
  try {
    checkNewName('members' in item ? 'role' : 'user', item.name);
    return undefined;
  } catch (error) {
    if (error instanceof KapadminError) return error.message;
    throw error;
  }
}

/** Checks of the state files against the cluster. */
export const clusterRules: readonly StateRule<ClusterFacts>[] = [
  {
    name: 'no-such-user',
    check({ desired, cluster, isFilesOnly }, report) {
      const known = [desired.users, cluster.users];
      const hintFor = hintsFor(known);
      for (const role of desired.roles.values()) {
        const spot = (): Spot => spotBelow(locateItem(role), 'members');
        reportUnknownNames('user', role.members, known, { spot, hintFor, isFilesOnly }, report);
      }
    },
  },
  {
    name: 'no-such-role',
    check({ desired, cluster, isFilesOnly }, report) {
      const known = [desired.roles, cluster.roles];
      const hintFor = hintsFor(known);
      for (const user of desired.users.values()) {
        const spot = (): Spot => spotBelow(locateItem(user), 'roles');
        reportUnknownNames('role', user.roles, known, { spot, hintFor, isFilesOnly }, report);
      }
    },
  },
  {
    name: 'no-password',
    check({ desired, cluster }, report) {
      for (const user of desired.users.values()) {
        if (user.password !== undefined || user.hash !== undefined || cluster.users.has(user.name)) continue;
        const hint = 'Set its password: { env: NAME }, { file: PATH } or { generate: true }.';
        report.error(`user ${quotedName(user.name)} is new and has no password`, locateItem(user), hint);
      }
    },
  },
  {
    name: 'bad-name',
    check({ desired, cluster }, report) {
      for (const item of listItems(desired)) {
        if (('members' in item ? cluster.roles : cluster.users).has(item.name)) continue;
        const fault = nameProblem(item);
        if (fault !== undefined) report.error(fault, locateItem(item));
      }
    },
  },
  {
    name: 'hash-of-existing-user',
    check({ desired, cluster, setPasswords }, report) {
      if (!setPasswords) return;
      for (const user of desired.users.values()) {
        if (user.hash === undefined || !cluster.users.has(user.name)) continue;
        const message = `user ${quotedName(user.name)} already exists: the meta API accepts a hash only when it creates a user`;
        report.warn(message, spotBelow(locateItem(user), 'hash'));
      }
    },
  },
  {
    name: 'lock-out',
    check({ desired, protectedChanges }, report) {
      const reported = new Set<string>();
      for (const { user, reason } of protectedChanges) {
        if (reported.has(user)) continue;
        reported.add(user);
        const who =
          reason === 'own-account'
            ? `${showName(user)}, the account of this connection`
            : `${showName(user)}, the last user with CreateUserAndRole`;
        const listed = desired.users.get(user);
        const { managedBy } = desired.options;
        const spot = listed === undefined ? spotAt(managedBy, 'options', 'manage') : locateItem(listed);
        report.warn(`skipped a removal that would lock out ${who}`, spot, 'To do it anyway, add --allow-lockout');
      }
    },
  },
];
