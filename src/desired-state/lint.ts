import { everyPermission, isKapacitorPermission } from '../model/permissions.js';
import { showName, showNames } from '../model/text.js';
import { ProblemReport, spotBelow } from './problems.js';
import { listItems, runStateRules, locateItem, type StateRule } from './validate.js';
import { desiredMembers, type DesiredRole, type DesiredState, type DesiredUser } from './desired-state.js';

/** Of these, granted on all databases, each alone can undo the work of others. */
const destructive = ['DropDatabase', 'DropData', 'ManageShard', 'AddRemoveNode', 'CreateUserAndRole'];
const maxDestructive = 3;

function kapacitorPermissionsOf({ permissions }: DesiredUser | DesiredRole): readonly string[] {
  return [...new Set([...permissions.values()].flat())].filter(isKapacitorPermission);
}

function describeItem(item: DesiredUser | DesiredRole): string {
  return `${'members' in item ? 'role' : 'user'} ${showName(item.name)}`;
}

/** Advice about the desired state: valid, but worth a review. */
const advice: readonly StateRule<DesiredState>[] = [
  {
    name: 'over-broad',
    check(desired, report) {
      for (const item of listItems(desired)) {
        const held = item.permissions.get('') ?? [];
        if (everyPermission.every((name) => held.includes(name))) {
          report.warn(`${describeItem(item)} has every permission`, locateItem(item));
          continue;
        }
        const strong = destructive.filter((name) => held.includes(name));
        const service = kapacitorPermissionsOf(item).length > 0 && strong.length > 0;
        if (strong.length < maxDestructive && !service) continue;
        const beside = service ? ' in addition to Kapacitor permissions' : '';
        report.warn(`${describeItem(item)} has ${strong.join(', ')} on all databases${beside}`, locateItem(item));
      }
    },
  },
  {
    name: 'granted-twice',
    check(desired, report) {
      for (const item of listItems(desired)) {
        const everywhere = item.permissions.get('') ?? [];
        for (const [scope, names] of item.permissions) {
          const twice = scope === '' ? [] : names.filter((name) => everywhere.includes(name));
          if (twice.length === 0) continue;
          const spot = spotBelow(spotBelow(locateItem(item), 'permissions'), scope);
          report.warn(
            `${describeItem(item)} has ${twice.join(', ')} on all databases and again on ${showName(scope)}`,
            spot,
          );
        }
      }
    },
  },
  {
    name: 'empty-role',
    check(desired, report) {
      for (const role of desired.roles.values()) {
        if ([...role.permissions.values()].some((names) => names.length > 0)) continue;
        report.warn(`role ${showName(role.name)} grants no permissions`, locateItem(role));
      }
    },
  },
  {
    name: 'role-of-nobody',
    check(desired, report) {
      const members = desiredMembers(desired);
      for (const role of desired.roles.values()) {
        if ((members.get(role.name)?.size ?? 0) === 0)
          report.warn(`role ${showName(role.name)} has no members`, locateItem(role));
      }
    },
  },
  {
    name: 'only-through-role',
    check(desired, report) {
      if (desired.options.materializeRoles) return;
      for (const [name, members] of desiredMembers(desired)) {
        const role = desired.roles.get(name);
        const permissions = role === undefined ? [] : kapacitorPermissionsOf(role);
        if (role === undefined || permissions.length === 0) continue;
        const missing = (user: string): readonly string[] => {
          const own = desired.users.get(user);
          const held = own === undefined ? [] : kapacitorPermissionsOf(own);
          return permissions.filter((permission) => !held.includes(permission));
        };
        const blind = [...members].filter((user) => missing(user).length > 0);
        if (blind.length === 0) continue;
        const unseen = [...new Set(blind.flatMap(missing))].join(' and ');
        const message = `role ${showName(name)} grants ${unseen} to ${showNames(blind, 5)}; Kapacitor sees it only if the cluster copies role permissions into user records`;
        report.warn(
          message,
          locateItem(role),
          'Grant it to the users directly, or set options: { materializeRoles: true }.',
        );
      }
    },
  },
];

export const lintRules: readonly string[] = advice.map(({ name }) => name);

/** Advice about the desired state; `ParsedState.place` adds the positions. */
export function lintState(desired: DesiredState): ProblemReport {
  const report = new ProblemReport();
  runStateRules(advice, desired, report);
  return report;
}
