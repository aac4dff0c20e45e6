import { permissionHint } from '../../model/check.js';
import { isKapacitorPermission } from '../../model/effective.js';
import { isPermission } from '../../model/permission.js';
import { below, type Spot } from '../problem.js';
import type { Wanted, WantedRole, WantedUser } from '../wanted.js';
import { quoted, spotOf, type Items, type Rule } from './rule.js';

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
