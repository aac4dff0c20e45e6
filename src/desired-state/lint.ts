import { isKapacitorPermission } from '../model/effective-permissions.js';
import { showName, showNames } from '../model/text.js';
import { permissions as table } from '../model/permissions.js';
import { below, Report } from './problems.js';
import { itemsOf, type Rule, runRules, spotOf } from './rules.js';
import { membersOf, type Wanted, type WantedRole, type WantedUser } from './desired-state.js';

const everything = table.map(({ name }) => name).filter((name) => name !== 'NoPermissions');
/** Of these, granted on all databases, each alone can undo the work of others. */
const destructive = ['DropDatabase', 'DropData', 'ManageShard', 'AddRemoveNode', 'CreateUserAndRole'];
const manyRights = 3;

function kapacitorRights({ permissions }: WantedUser | WantedRole): readonly string[] {
  return [...new Set([...permissions.values()].flat())].filter(isKapacitorPermission);
}

function what(item: WantedUser | WantedRole): string {
  return `${'members' in item ? 'role' : 'user'} ${showName(item.name)}`;
}

/** Advice about the wanted state: nothing of it is wrong, all of it deserves a look. */
const advice: readonly Rule<Wanted>[] = [
  {
    name: 'over-broad',
    check(wanted, tell) {
      for (const item of itemsOf(wanted)) {
        const held = item.permissions.get('') ?? [];
        if (everything.every((name) => held.includes(name))) {
          tell.warn(`${what(item)} has every permission there is`, spotOf(item));
          continue;
        }
        const strong = destructive.filter((name) => held.includes(name));
        const service = kapacitorRights(item).length > 0 && strong.length > 0;
        if (strong.length < manyRights && !service) continue;
        const beside = service ? ' beside its Kapacitor rights' : '';
        tell.warn(`${what(item)} has ${strong.join(', ')} on all databases${beside}`, spotOf(item));
      }
    },
  },
  {
    name: 'granted-twice',
    check(wanted, tell) {
      for (const item of itemsOf(wanted)) {
        const everywhere = item.permissions.get('') ?? [];
        for (const [scope, names] of item.permissions) {
          const twice = scope === '' ? [] : names.filter((name) => everywhere.includes(name));
          if (twice.length === 0) continue;
          const spot = below(below(spotOf(item), 'permissions'), scope);
          tell.warn(`${what(item)} has ${twice.join(', ')} on all databases and again on ${showName(scope)}`, spot);
        }
      }
    },
  },
  {
    name: 'empty-role',
    check(wanted, tell) {
      for (const role of wanted.roles.values()) {
        if ([...role.permissions.values()].some((names) => names.length > 0)) continue;
        tell.warn(`role ${showName(role.name)} gives nothing`, spotOf(role));
      }
    },
  },
  {
    name: 'role-of-nobody',
    check(wanted, tell) {
      const members = membersOf(wanted);
      for (const role of wanted.roles.values()) {
        if ((members.get(role.name)?.size ?? 0) === 0)
          tell.warn(`role ${showName(role.name)} has no member`, spotOf(role));
      }
    },
  },
  {
    name: 'only-through-role',
    check(wanted, tell) {
      if (wanted.options.materializeRoles) return;
      for (const [name, members] of membersOf(wanted)) {
        const role = wanted.roles.get(name);
        const rights = role === undefined ? [] : kapacitorRights(role);
        if (role === undefined || rights.length === 0) continue;
        const missing = (user: string): readonly string[] => {
          const own = wanted.users.get(user);
          const held = own === undefined ? [] : kapacitorRights(own);
          return rights.filter((right) => !held.includes(right));
        };
        const blind = [...members].filter((user) => missing(user).length > 0);
        if (blind.length === 0) continue;
        const unseen = [...new Set(blind.flatMap(missing))].join(' and ');
        const message = `role ${showName(name)} gives ${unseen} to ${showNames(blind, 5)}; Kapacitor sees it only where the cluster copies role permissions into user records`;
        tell.warn(message, spotOf(role), 'Grant it to the users, or set options: { materializeRoles: true }.');
      }
    },
  },
];

export const lintRules: readonly string[] = advice.map(({ name }) => name);

/** Advice about the wanted state, to be placed by `ParsedState.place`. */
export function lint(wanted: Wanted): Report {
  const report = new Report();
  runRules(advice, wanted, report);
  return report;
}
