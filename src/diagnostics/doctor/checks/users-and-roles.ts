import { parseBcryptHash } from '../../../auth-engine/parse-bcrypt.js';
import { isKapacitorPermission, type Permissions } from '../../../model/permissions.js';
import { effectivePermissions, type Role, type RolesInUserRecords, type User } from '../../../model/user.js';
import { pluralize, showName, showNames, showPermission } from '../../../model/text.js';
import { commandLine } from '../../../model/shell-command.js';
import { decodePermissions } from '../../../auth-engine/privileges.js';
import { finding, type Finding, type Fix } from '../../finding.js';
import { type DoctorCheck, type DoctorCheckResult, type DoctorFacts, valueOrUndefined } from '../facts.js';
import { findUncopied, managingPermission, rolesByMember, roleSentence } from '../../../model/roles-in-user-records.js';

/** So many users get a command line each; the rest is found by the next run. */
const maxSuggestions = 20;

/** The place of one user, or of the cluster where there are several. */
function usersLocation(names: readonly string[]): { readonly in: 'cluster'; readonly user?: string } {
  const [only] = names;
  return only === undefined || names.length > 1 ? { in: 'cluster' } : { in: 'cluster', user: only };
}

/** The prefix of a hash, which shows its kind: nothing of salt and digest. */
export function hashKind(user: User): string {
  const hash = user.hash?.reveal() ?? '';
  if (hash === '') return 'none';
  const parts = parseBcryptHash(hash);
  if (parts.ok) return `bcrypt ${parts.prefix} cost ${parts.cost}`;
  if (/^\$?pbkdf2/i.test(hash)) return 'PBKDF2';
  return parts.fault === 'not-bcrypt' ? 'not bcrypt' : `not bcrypt (${parts.fault})`;
}

function cannotBeChecked({ hash }: User): boolean {
  const text = hash?.reveal() ?? '';
  return text !== '' && !parseBcryptHash(text).ok;
}

function hashFindings(users: readonly User[]): readonly Finding[] {
  const wrong = users.filter(cannotBeChecked);
  if (wrong.length === 0) return [];
  const names = wrong.map(({ name }) => name);
  const kinds = [...new Set(wrong.map(hashKind))].join(', ');
  const fixes: Fix[] = [
    { what: 'In [meta] of influxdb-meta.conf on every meta node', setting: 'password-hash = "bcrypt"' },
    ...names.slice(0, maxSuggestions).map((name) => ({
      what: 'Then, to set a new password',
      command: commandLine('kapadmin user passwd', [name], ['--generate']),
    })),
  ];
  return [finding('hash-not-bcrypt', `${showNames(names)}: ${kinds}.`, { place: usersLocation(names), fixes })];
}

/** A command for each scope that holds one of these permissions. */
function revokeFixes(name: string, permissions: Permissions, which: (permission: string) => boolean): readonly Fix[] {
  return [...permissions].flatMap(([scope, names]): Fix[] => {
    const wrong = [...new Set(names.filter(which))];
    if (wrong.length === 0) return [];
    const flags = [...(scope === '' ? [] : ['--db', scope]), '--force'];
    return [{ what: 'To revoke it', command: commandLine('kapadmin user revoke', [name, ...wrong], flags) }];
  });
}

function unknownPermissionFindings(users: readonly User[]): readonly Finding[] {
  const wrong = users.flatMap((user) => {
    const { unknown } = decodePermissions(user.permissions);
    return unknown.length === 0 ? [] : [{ user, unknown: new Set(unknown) }];
  });
  if (wrong.length === 0) return [];
  const names = wrong.map(({ user }) => user.name);
  const factText = wrong
    .slice(0, 10)
    .map(({ user, unknown }) => `${showName(user.name)} has ${showNames([...unknown], 3)}`);
  const rest = wrong.length > 10 ? `; and ${wrong.length - 10} more` : '';
  const fixes = wrong.flatMap(({ user, unknown }) =>
    revokeFixes(user.name, user.permissions, (one) => unknown.has(one)),
  );
  const details = { place: usersLocation(names), fixes: fixes.slice(0, maxSuggestions) };
  return [finding('permission-unknown', `${factText.join('; ')}${rest}.`, details)];
}

interface Scoped {
  readonly user: User;
  readonly permission: string;
  readonly scope: string;
}

function scopeFixes({ user, permission, scope }: Scoped): readonly Fix[] {
  const { name } = user;
  const revoke = commandLine('kapadmin user revoke', [name, permission], ['--db', scope]);
  if (user.permissions.get('')?.includes(permission) === true) {
    return [{ what: 'It is also granted for all databases; to revoke this one', command: revoke }];
  }
  const grant = commandLine('kapadmin user grant', [name, permission]);
  return [
    { what: 'If all of Kapacitor is intended, first', command: grant },
    { what: 'Then, or otherwise', command: revoke },
  ];
}

function scopeFindings(users: readonly User[]): readonly Finding[] {
  const wrong = users.flatMap((user) =>
    [...user.permissions].flatMap(([scope, names]): Scoped[] =>
      scope === ''
        ? []
        : [...new Set(names.filter(isKapacitorPermission))].map((permission) => ({ user, permission, scope })),
    ),
  );
  if (wrong.length === 0) return [];
  const factText = wrong
    .slice(0, 10)
    .map(({ user, permission, scope }) => `${showName(user.name)} has ${showPermission(permission, scope)}`);
  const rest = wrong.length > 10 ? `; and ${wrong.length - 10} more` : '';
  const names = [...new Set(wrong.map(({ user }) => user.name))];
  const details = { place: usersLocation(names), fixes: wrong.flatMap(scopeFixes).slice(0, maxSuggestions) };
  return [finding('right-scoped', `${factText.join('; ')}${rest}.`, details)];
}

/**
 * Whether Kapacitor lets the user `POST /kapacitor/v1/users` (kapacitor-auth 9). With KapacitorConfigAPI as well the user
 * may do everything anyway.
 */
function canCreateAdmin({ permissions }: User): boolean {
  const given = new Set([...permissions.values()].flat());
  if (!given.has('KapacitorAPI') || given.has('KapacitorConfigAPI')) return false;
  return decodePermissions(permissions).unknown.length === 0;
}

function adminCreatorFindings(users: readonly User[]): readonly Finding[] {
  const names = users.filter(canCreateAdmin).map(({ name }) => name);
  if (names.length === 0) return [];
  const fact = `${pluralize(names.length, 'user')} with KapacitorAPI: ${showNames(names)}.`;
  const command = commandLine('kapadmin user list', [], ['--permission', 'KapacitorAPI']);
  return [
    finding('kapacitor-admin-makers', fact, {
      place: usersLocation(names),
      fixes: [{ what: 'To list them', command }],
    }),
  ];
}

export const userCheck: DoctorCheck = {
  what: 'users',
  ids: ['hash-not-bcrypt', 'permission-unknown', 'right-scoped', 'kapacitor-admin-makers'],
  run({ users }): DoctorCheckResult {
    if (!users.ok) return { findings: [], unknown: [{ ids: userCheck.ids, why: 'users could not be read' }] };
    const { value } = users;
    const findings = [...hashFindings(value), ...unknownPermissionFindings(value), ...scopeFindings(value)];
    const without = value.filter((user) => hashKind(user) === 'none').length;
    const checks =
      without === 0
        ? 'can check every hash'
        : `can check every hash (${without} ${without === 1 ? 'has' : 'have'} none)`;
    const okText = `${pluralize(value.length, 'user')}: Kapacitor ${checks} and knows every permission`;
    return { findings: [...findings, ...adminCreatorFindings(value)], ok: findings.length === 0 ? okText : undefined };
  },
};

/** Names of the temporary users and roles of `doctor --probe`. */
export const probeNamePattern = /^kapadmin-probe-[0-9a-f]{12}$/;

/** Whether the cluster copies role permissions into user records, and what shows it. */
function roleCopyEvidence({ users, roles, probe, rememberedRoles }: DoctorFacts): {
  readonly fact: RolesInUserRecords;
  readonly shownBy: string;
} {
  const uncopied = findUncopied(valueOrUndefined(users) ?? [], valueOrUndefined(roles) ?? []);
  if (uncopied !== undefined) {
    const { user, role, permission, scope } = uncopied;
    const given = `Role ${showName(role)} grants ${showPermission(permission, scope)}`;
    return { fact: 'no', shownBy: `${given}, and the user record of its member ${showName(user)} lacks it.` };
  }
  const probed = probe === undefined ? undefined : valueOrUndefined(probe.shown);
  if (probed !== undefined) {
    const what = probed ? 'included' : 'lacked';
    const shownBy = `The user record of a temporary user ${what} the permission of its role.`;
    return { fact: probed ? 'yes' : 'no', shownBy };
  }
  return { fact: rememberedRoles, shownBy: 'Found by an earlier doctor --probe and stored in the profile.' };
}

/** What of users and roles could not be read; empty where both were. */
function unreadText({ users, roles }: DoctorFacts): string {
  const unread = [...(users.ok ? [] : ['users']), ...(roles.ok ? [] : ['roles'])];
  return unread.length === 0 ? '' : `${unread.join(' and ')} could not be read`;
}

export const roleCopyCheck: DoctorCheck = {
  what: 'whether user records include role permissions',
  ids: ['role-rights-hidden'],
  run(facts): DoctorCheckResult {
    const { fact, shownBy } = roleCopyEvidence(facts);
    if (fact === 'yes') return { findings: [], ok: `${roleSentence(fact)} ${shownBy}` };
    if (fact === 'no') return { findings: [finding('role-rights-hidden', `${shownBy} ${roleSentence(fact)}`)] };
    const { probe, users, roles } = facts;
    const unknown = (why: string): DoctorCheckResult => ({ findings: [], unknown: [{ ids: roleCopyCheck.ids, why }] });
    if (probe !== undefined && !probe.shown.ok) return unknown(`${probe.shown.failure.why}. ${roleSentence(fact)}`);
    const how = `${commandLine('kapadmin doctor --probe')} tests it with a temporary user and role`;
    const unread = unreadText(facts);
    if (unread === '') return unknown(`no user record shows it; ${how}`);
    const isForbidden = [users, roles].some((read) => !read.ok && read.failure.code === 'forbidden');
    const when = isForbidden ? `with an account that has ${managingPermission}` : 'once that works';
    return unknown(`${unread}; ${when}, ${how}`);
  },
};

/** @param ldap then users cannot be changed, and a direct grant would be refused */
function roleOnlyFindings(users: readonly User[], roles: readonly Role[], ldap: boolean): readonly Finding[] {
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
  const factText = wrong
    .slice(0, 10)
    .map(
      ({ name, permissions, through }) =>
        `${showName(name)} has ${permissions.join(', ')} through ${showNames(through, 3)}`,
    );
  const rest = wrong.length > 10 ? `; and ${wrong.length - 10} more` : '';
  const fixes = (ldap ? [] : wrong.slice(0, maxSuggestions)).map(({ name, permissions }) => ({
    what: 'To grant it directly',
    command: commandLine('kapadmin user grant', [name, ...permissions]),
  }));
  const details = { place: usersLocation(wrong.map(({ name }) => name)), fixes };
  return [finding('right-only-by-role', `${factText.join('; ')}${rest}.`, details)];
}

function missingMemberFindings(users: readonly User[], roles: readonly Role[]): readonly Finding[] {
  const known = new Set(users.map(({ name }) => name));
  return roles.flatMap((role): Finding[] => {
    const missing = role.users.filter((name) => !known.has(name));
    if (missing.length === 0) return [];
    const fact = `${showNames(missing)} ${missing.length === 1 ? 'does' : 'do'} not exist.`;
    const command = commandLine('kapadmin role remove-users', [role.name, ...missing.slice(0, maxSuggestions)]);
    const place = { in: 'cluster', role: role.name } as const;
    return [finding('role-member-missing', fact, { place, fixes: [{ what: 'To remove it from the role', command }] })];
  });
}

/** @param ldap whether groups of LDAP may have a role: then one without members may have an effect */
function emptyRoleFindings(roles: readonly Role[], ldap: boolean): readonly Finding[] {
  return roles.flatMap((role): Finding[] => {
    const powerless = [...role.permissions.values()].every((names) => names.length === 0);
    const hasMembers = ldap || role.users.length > 0;
    if (hasMembers && !powerless) return [];
    const lacks = hasMembers ? 'no permissions' : powerless ? 'no members and no permissions' : 'no members';
    const fixes = [{ what: 'To delete it', command: commandLine('kapadmin role delete', [role.name]) }];
    const place = { in: 'cluster', role: role.name } as const;
    return [finding('role-empty', `It has ${lacks}.`, { place, fixes })];
  });
}

export const roleCheck: DoctorCheck = {
  what: 'roles',
  ids: ['right-only-by-role', 'role-member-missing', 'role-empty'],
  run(facts): DoctorCheckResult {
    const { users, roles, ldap } = facts;
    if (!users.ok || !roles.ok) {
      return { findings: [], unknown: [{ ids: roleCheck.ids, why: unreadText(facts) }] };
    }
    const own = roles.value.filter(({ name }) => !probeNamePattern.test(name));
    const outside = valueOrUndefined(ldap) === true;
    const missing = outside ? [] : missingMemberFindings(users.value, own);
    const findings = [...roleOnlyFindings(users.value, own, outside), ...missing, ...emptyRoleFindings(own, outside)];
    const open = outside
      ? [{ ids: ['role-member-missing'] as const, why: 'with LDAP, members come from groups too' }]
      : [];
    const okText =
      own.length === 0 ? 'there are no roles' : `${pluralize(own.length, 'role')}: no user needs one for Kapacitor`;
    return { findings, unknown: open, ok: findings.length === 0 ? okText : undefined };
  },
};

export const probeCheck: DoctorCheck = {
  what: 'leftovers of earlier probes',
  ids: ['probe-left'],
  run({ users, roles, probe, ldap }): DoctorCheckResult {
    const seen = [...(valueOrUndefined(users) ?? []), ...(valueOrUndefined(roles) ?? [])].map(({ name }) => name);
    const leftovers = [...new Set(seen)].filter(
      (name) => probeNamePattern.test(name) && !(probe?.removed.includes(name) ?? false),
    );
    const left = [...new Set([...leftovers, ...(probe?.left ?? [])])];
    if (left.length === 0) return { findings: [] };
    const what = valueOrUndefined(ldap) === true ? 'To remove it, once LDAP is disabled' : 'To remove it';
    const fixes = [{ what, command: commandLine('kapadmin doctor --probe --yes') }];
    return { findings: [finding('probe-left', `${showNames(left)}.`, { place: { in: 'cluster' }, fixes })] };
  },
};
