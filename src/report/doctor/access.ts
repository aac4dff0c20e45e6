import { holds, rolesOf } from '../../model/effective.js';
import { showName } from '../../model/name.js';
import { commandLine } from '../../model/shell-command.js';
import type { Permissions, Role, User } from '../../model/user.js';
import { finding, type Finding } from '../../diagnostics/finding.js';
import type { Mend } from '../../diagnostics/fix.js';
import type { Check, Checked } from './check.js';
import type { DoctorFacts, Failure } from './facts.js';
import { at, hostOf, valueOf } from './told.js';

/** What a user needs to read and change users. */
export const managing = 'CreateUserAndRole';

const meta = 'In [meta] of influxdb-meta.conf on every meta node, then restart them';

export const anonymousCheck: Check = {
  what: 'reading without credentials',
  ids: ['anonymous-read', 'no-users'],
  look({ nodes }): Checked {
    const told = nodes.map(({ url, anonymous }) => ({ url, state: valueOf(anonymous) }));
    const open = told.filter(({ state }) => state === 'open').map(({ url }) => url);
    const empty = told.filter(({ state }) => state === 'no-users').map(({ url }) => url);
    const findings: Finding[] = [];
    const placeOf = (urls: readonly string[]) => (urls.length === 1 && urls[0] !== undefined ? at(urls[0]) : undefined);
    if (open.length > 0) {
      const fact = `GET /user without credentials is answered 200 by ${open.map(hostOf).join(', ')}.`;
      const mends = [{ what: meta, setting: 'auth-enabled = true' }];
      findings.push(finding('anonymous-read', fact, { place: placeOf(open), mends }));
    }
    if (empty.length > 0) {
      const fact = `${empty.map(hostOf).join(', ')}: "must create admin user first".`;
      const mends = [{ what: 'To make the first admin', command: commandLine('kapadmin bootstrap admin --generate') }];
      findings.push(finding('no-users', fact, { place: placeOf(empty), mends }));
    }
    const unknown = told.filter(({ state }) => state === undefined).map(({ url }) => hostOf(url));
    if (unknown.length > 0) {
      const why = `${unknown.join(', ')} gave no answer to tell by`;
      return { findings, open: [{ ids: findings.length === 0 ? anonymousCheck.ids : [], why }] };
    }
    return { findings, well: findings.length === 0 ? 'nobody reads users without credentials' : undefined };
  },
};

/** The permissions of a user's roles and its own, for all databases. */
function mayManage(user: User, roles: readonly Role[]): boolean {
  const all: readonly Permissions[] = [user.permissions, ...rolesOf(user.name, roles).map((role) => role.permissions)];
  return all.some((permissions) => holds(permissions, managing, ''));
}

function grantMend(username: string): Mend {
  return { what: 'To let it', command: commandLine('kapadmin user grant', [username, managing]) };
}

function refused({ account }: DoctorFacts, { why, hint, code }: Failure): Finding {
  if (code === 'forbidden') {
    const mends = account.username === '' ? [] : [grantMend(account.username)];
    return finding('account-rights', why, { mends });
  }
  const mends = hint === undefined ? [] : [{ what: 'To mend it', setting: hint }];
  return finding('account-refused', why, { mends });
}

function accountText({ account }: DoctorFacts): string {
  if (account.kind === 'none') return 'without credentials';
  if (account.kind === 'bearer') return account.username === '' ? 'with the internal secret' : 'with the shared secret';
  return `as ${showName(account.username)}`;
}

export const accountCheck: Check = {
  what: 'the account of this connection',
  ids: ['account-refused', 'account-rights', 'account-cannot-write'],
  look(facts): Checked {
    const { users, roles, account } = facts;
    if (!users.ok) {
      const { failure } = users;
      const isEmpty = failure.code === 'no-admin-user';
      if (failure.kind === 'refused' && !isEmpty) return { findings: [refused(facts, failure)] };
      return { findings: [], open: [{ ids: accountCheck.ids, why: failure.why }] };
    }
    const own = users.value.find(({ name }) => account.kind !== 'none' && name === account.username);
    if (own !== undefined && !mayManage(own, valueOf(roles) ?? [])) {
      const fact = `${showName(own.name)} has no ${managing}, directly or through a role.`;
      const place = { in: 'cluster', user: own.name } as const;
      return { findings: [finding('account-cannot-write', fact, { place, mends: [grantMend(own.name)] })] };
    }
    const well = `users and roles are read ${accountText(facts)}${own === undefined ? '' : ', which may change them'}`;
    return { findings: [], well };
  },
};

export const ldapCheck: Check = {
  what: 'LDAP',
  ids: ['ldap-on'],
  look({ ldap }): Checked {
    if (!ldap.ok) return { findings: [], open: [{ ids: ldapCheck.ids, why: ldap.failure.why }] };
    return { findings: ldap.value ? [finding('ldap-on', 'structured.enabled is true.')] : [] };
  },
};
