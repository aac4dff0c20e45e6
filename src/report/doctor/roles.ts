import { effectivePermissions, isKapacitorPermission } from '../../model/effective.js';
import { showName, showNames, showPermission } from '../../model/name.js';
import { roleSentences } from '../../model/role-sentences.js';
import { findUncopied, rolesByMember } from '../../model/roles-in-user-records.js';
import { commandLine } from '../../model/shell-command.js';
import type { Role, RolesInUserRecords, User } from '../../model/user.js';
import { finding, type Finding } from '../../diagnostics/finding.js';
import type { Check, Checked } from './check.js';
import type { DoctorFacts } from './facts.js';
import { counted, valueOf } from './told.js';
import { mostMends, placeOf } from './users.js';

/** Names of the temporary users and roles of `doctor --probe`. */
export const probeName = /^kapadmin-probe-[0-9a-f]{12}$/;

/** Whether the cluster copies role permissions into user records, and what shows it. */
function rolesFactOf({ users, roles, probe, rememberedRoles }: DoctorFacts): {
  readonly fact: RolesInUserRecords;
  readonly shownBy: string;
} {
  const uncopied = findUncopied(valueOf(users) ?? [], valueOf(roles) ?? []);
  if (uncopied !== undefined) {
    const { user, role, permission, scope } = uncopied;
    const given = `Role ${showName(role)} gives ${showPermission(permission, scope)}`;
    return { fact: 'no', shownBy: `${given}, and the user record of its member ${showName(user)} lacks it.` };
  }
  const probed = probe === undefined ? undefined : valueOf(probe.shown);
  if (probed !== undefined) {
    const what = probed ? 'included' : 'lacked';
    const shownBy = `The user record of a temporary user ${what} the permission of its role.`;
    return { fact: probed ? 'yes' : 'no', shownBy };
  }
  return { fact: rememberedRoles, shownBy: 'Remembered in the profile from an earlier doctor --probe.' };
}

export const roleSightCheck: Check = {
  what: 'whether user records include role permissions',
  ids: ['role-rights-hidden'],
  look(facts): Checked {
    const { fact, shownBy } = rolesFactOf(facts);
    if (fact === 'yes') return { findings: [], well: `${roleSentences.yes} ${shownBy}` };
    if (fact === 'no') return { findings: [finding('role-rights-hidden', `${shownBy} ${roleSentences.no}`)] };
    const { probe, users, roles } = facts;
    const why =
      probe !== undefined && !probe.shown.ok
        ? probe.shown.failure.why
        : users.ok && roles.ok
          ? `no user record shows it (${commandLine('kapadmin doctor --probe')} finds out, with a temporary user and role)`
          : 'users and roles could not be read';
    return { findings: [], open: [{ ids: roleSightCheck.ids, why: `${why}. ${roleSentences.unknown}` }] };
  },
};

function onlyByRole(users: readonly User[], roles: readonly Role[]): readonly Finding[] {
  const giving = roles.filter(({ permissions }) => [...permissions.values()].flat().some(isKapacitorPermission));
  const ofMember = rolesByMember(giving);
  const wrong = users
    .filter(({ name }) => ofMember.has(name))
    .flatMap((user) => {
      const all = effectivePermissions(user, ofMember.get(user.name) ?? [], 'unknown').filter(({ permission }) =>
        isKapacitorPermission(permission),
      );
      const own = new Set(all.filter(({ inUserRecord }) => inUserRecord).map(({ permission }) => permission));
      const lacking = all.filter(({ permission }) => !own.has(permission));
      const permissions = [...new Set(lacking.map(({ permission }) => permission))];
      const through = [...new Set(lacking.flatMap((one) => one.roles))];
      return permissions.length === 0 ? [] : [{ name: user.name, permissions, through }];
    });
  if (wrong.length === 0) return [];
  const told = wrong
    .slice(0, 10)
    .map(
      ({ name, permissions, through }) =>
        `${showName(name)} has ${permissions.join(', ')} through ${showNames(through, 3)}`,
    );
  const rest = wrong.length > 10 ? `; and ${wrong.length - 10} more` : '';
  const mends = wrong.slice(0, mostMends).map(({ name, permissions }) => ({
    what: 'To grant it directly',
    command: commandLine('kapadmin user grant', [name, ...permissions]),
  }));
  const details = { place: placeOf(wrong.map(({ name }) => name)), mends };
  return [finding('right-only-by-role', `${told.join('; ')}${rest}.`, details)];
}

function strangers(users: readonly User[], roles: readonly Role[]): readonly Finding[] {
  const known = new Set(users.map(({ name }) => name));
  return roles.flatMap((role): Finding[] => {
    const missing = role.users.filter((name) => !known.has(name));
    if (missing.length === 0) return [];
    const fact = `${showNames(missing)} ${missing.length === 1 ? 'is' : 'are'} no user of the cluster.`;
    const command = commandLine('kapadmin role remove-users', [role.name, ...missing.slice(0, mostMends)]);
    const place = { in: 'cluster', role: role.name } as const;
    return [finding('role-member-missing', fact, { place, mends: [{ what: 'To take it out', command }] })];
  });
}

function idle(roles: readonly Role[]): readonly Finding[] {
  return roles.flatMap((role): Finding[] => {
    const powerless = [...role.permissions.values()].every((names) => names.length === 0);
    if (role.users.length > 0 && !powerless) return [];
    const lacks = role.users.length > 0 ? 'no permissions' : powerless ? 'no members and no permissions' : 'no members';
    const mends = [{ what: 'To delete it', command: commandLine('kapadmin role delete', [role.name]) }];
    const place = { in: 'cluster', role: role.name } as const;
    return [finding('role-empty', `It has ${lacks}.`, { place, mends })];
  });
}

export const roleCheck: Check = {
  what: 'roles',
  ids: ['right-only-by-role', 'role-member-missing', 'role-empty'],
  look({ users, roles, ldap }): Checked {
    if (!users.ok || !roles.ok) {
      return { findings: [], open: [{ ids: roleCheck.ids, why: 'users and roles could not be read' }] };
    }
    const own = roles.value.filter(({ name }) => !probeName.test(name));
    const outside = valueOf(ldap) === true;
    const missing = outside ? [] : strangers(users.value, own);
    const findings = [...onlyByRole(users.value, own), ...missing, ...idle(own)];
    const open = outside
      ? [{ ids: ['role-member-missing'] as const, why: 'with LDAP, members need not be users of the cluster' }]
      : [];
    const well =
      own.length === 0 ? 'there are no roles' : `${counted(own.length, 'role')}: nobody needs one for Kapacitor`;
    return { findings, open, well: findings.length === 0 ? well : undefined };
  },
};

export const probeCheck: Check = {
  what: 'what earlier runs left behind',
  ids: ['probe-left'],
  look({ users, roles, probe, ldap }): Checked {
    const seen = [...(valueOf(users) ?? []), ...(valueOf(roles) ?? [])].map(({ name }) => name);
    const there = [...new Set(seen)].filter(
      (name) => probeName.test(name) && !(probe?.removed.includes(name) ?? false),
    );
    const left = [...new Set([...there, ...(probe?.left ?? [])])];
    if (left.length === 0) return { findings: [] };
    const what = valueOf(ldap) === true ? 'To remove it, once LDAP is disabled' : 'To remove it';
    const mends = [{ what, command: commandLine('kapadmin doctor --probe --yes') }];
    return { findings: [finding('probe-left', `${showNames(left)}.`, { place: { in: 'cluster' }, mends })] };
  },
};
