import { type Role, rolesOf, type User } from '../../../model/user.js';
import { isManaging, managingPermission } from '../../../model/roles-in-user-records.js';
import { showName } from '../../../model/text.js';
import { commandLine } from '../../../model/shell-command.js';
import { finding, type Finding, type FindingLocation, type Fix } from '../../finding.js';
import {
  type DoctorCheck,
  type DoctorCheckResult,
  type DoctorFacts,
  type LookupFacts,
  type NodeFacts,
  nodeHostAndPort,
  nodeLocation,
  type ReadFailure,
  valueOrUndefined,
} from '../facts.js';

const onEveryMetaNode = 'In [meta] of influxdb-meta.conf on every meta node, then restart them';

export const anonymousCheck: DoctorCheck = {
  what: 'anonymous access',
  ids: ['anonymous-read', 'no-users'],
  run({ nodes }): DoctorCheckResult {
    const states = nodes.map(({ url, anonymous }) => ({ url, state: valueOrUndefined(anonymous) }));
    const open = states.filter(({ state }) => state === 'open').map(({ url }) => url);
    const empty = states.filter(({ state }) => state === 'no-users').map(({ url }) => url);
    const findings: Finding[] = [];
    const placeOf = (urls: readonly string[]) =>
      urls.length === 1 && urls[0] !== undefined ? nodeLocation(urls[0]) : undefined;
    if (open.length > 0) {
      const fact = `GET /user without credentials returns 200 from ${open.map(nodeHostAndPort).join(', ')}.`;
      const fixes = [{ what: onEveryMetaNode, setting: 'auth-enabled = true' }];
      findings.push(finding('anonymous-read', fact, { place: placeOf(open), fixes }));
    }
    if (empty.length > 0) {
      const fact = `${empty.map(nodeHostAndPort).join(', ')}: "must create admin user first".`;
      const fixes = [
        { what: 'To create the first admin', command: commandLine('kapadmin bootstrap admin --generate') },
      ];
      findings.push(finding('no-users', fact, { place: placeOf(empty), fixes }));
    }
    const unknown = states.filter(({ state }) => state === undefined).map(({ url }) => nodeHostAndPort(url));
    if (unknown.length > 0) {
      const why = `no usable response from ${unknown.join(', ')}`;
      return { findings, unknown: [{ ids: findings.length === 0 ? anonymousCheck.ids : [], why }] };
    }
    return { findings, ok: findings.length === 0 ? 'anonymous access is disabled' : undefined };
  },
};

/** Whether a user can change users and roles, by itself or through a role. */
function mayManage(user: User, roles: readonly Role[]): boolean {
  return [user, ...rolesOf(user.name, roles)].some(({ permissions }) => isManaging(permissions));
}

function grantFix(username: string): Fix {
  return {
    what: `To allow it, with an account that has ${managingPermission}`,
    command: commandLine('kapadmin user grant', [username, managingPermission]),
  };
}

function accountFinding({ account }: DoctorFacts, { why, hint, code }: ReadFailure): Finding {
  if (code === 'forbidden') {
    const fixes = account.username === '' ? [] : [grantFix(account.username)];
    return finding('account-rights', why, { fixes });
  }
  const fixes = hint === undefined ? [] : [{ what: 'Fix', setting: hint }];
  return finding('account-refused', why, { fixes });
}

function accountText({ account }: DoctorFacts): string {
  if (account.kind === 'none') return 'without credentials';
  if (account.kind === 'bearer') return account.username === '' ? 'with the internal secret' : 'with the shared secret';
  return `as ${showName(account.username)}`;
}

export const accountCheck: DoctorCheck = {
  what: 'the account of this connection',
  ids: ['account-refused', 'account-rights', 'account-cannot-write'],
  run(facts): DoctorCheckResult {
    const { users, roles, account } = facts;
    if (!users.ok) {
      const { failure } = users;
      const isEmpty = failure.code === 'no-admin-user';
      if (failure.kind === 'refused' && !isEmpty) return { findings: [accountFinding(facts, failure)] };
      return { findings: [], unknown: [{ ids: accountCheck.ids, why: failure.why }] };
    }
    const own = users.value.find(({ name }) => account.kind !== 'none' && name === account.username);
    if (own !== undefined && !mayManage(own, valueOrUndefined(roles) ?? [])) {
      const fact = `${showName(own.name)} has no ${managingPermission}, directly or through a role.`;
      const place = { in: 'cluster', user: own.name } as const;
      return { findings: [finding('account-cannot-write', fact, { place, fixes: [grantFix(own.name)] })] };
    }
    const okText = `users and roles can be read ${accountText(facts)}${own === undefined ? '' : ', which may also change them'}`;
    return { findings: [], ok: okText };
  },
};

export const ldapCheck: DoctorCheck = {
  what: 'LDAP',
  ids: ['ldap-on'],
  run({ ldap }): DoctorCheckResult {
    if (!ldap.ok) return { findings: [], unknown: [{ ids: ldapCheck.ids, why: ldap.failure.why }] };
    return { findings: ldap.value ? [finding('ldap-on', 'structured.enabled is true.')] : [] };
  },
};

type PerformedLookup = Extract<LookupFacts, { is: 'asked' }>;

function lookupAccountText({ account }: PerformedLookup): string {
  if (account.kind === 'user') return `the account ${showName(account.name)}`;
  return account.kind === 'secret' ? 'meta-internal-shared-secret' : 'no account';
}

/** To set a key of [auth]: in the file, or by its variable where that decides. */
function setAuthKey({ conf, environment, variables }: PerformedLookup, key: string, value: string): Fix {
  const variable = variables.get(key);
  if (variable !== undefined) {
    return { what: `In ${environment}, then restart Kapacitor`, setting: `${variable}=${value}` };
  }
  const literal = value === 'true' || value === 'false' ? value : JSON.stringify(value);
  return {
    what: `In [auth] of ${conf ?? 'kapacitor.conf'}, then restart Kapacitor`,
    setting: `${key} = ${literal}`,
  };
}

const printed = 'THE PASSWORD THAT IT PRINTED';

/** Fixes of an account that the meta node refuses, by what the cluster knows of it. */
function accountFixes(asked: PerformedLookup, { users }: DoctorFacts): readonly Fix[] {
  const { account } = asked;
  if (account.kind === 'secret') {
    return [setAuthKey(asked, 'meta-internal-shared-secret', 'THE internal-shared-secret OF THE META NODES')];
  }
  const name = account.kind === 'user' ? account.name : 'kapacitor';
  const known = valueOrUndefined(users)?.some((user) => user.name === name) ?? account.kind === 'user';
  const make: Fix = known
    ? { what: 'To give it a new password', command: commandLine('kapadmin user passwd', [name], ['--generate']) }
    : {
        what: 'To create it',
        command: commandLine('kapadmin user create', [name], ['--generate', '--grant', managingPermission]),
      };
  const username = account.kind === 'user' ? [] : [setAuthKey(asked, 'meta-username', name)];
  return [make, ...username, setAuthKey(asked, 'meta-password', printed)];
}

/** A node that responds: the one in `meta-addr`, if any. */
function reachableNode({ metaAddr }: PerformedLookup, nodes: readonly NodeFacts[]): NodeFacts | undefined {
  const reachable = nodes.filter(({ ping }) => ping.ok);
  return reachable.find(({ url }) => nodeHostAndPort(url) === metaAddr) ?? reachable[0];
}

function tlsFixes(asked: PerformedLookup, { ca }: DoctorFacts, node: NodeFacts | undefined): readonly Fix[] {
  const secure = node?.url.startsWith('https:') ?? !asked.useTls;
  if (!secure) return [setAuthKey(asked, 'meta-use-tls', 'false')];
  return [
    ...(asked.useTls ? [] : [setAuthKey(asked, 'meta-use-tls', 'true')]),
    setAuthKey(asked, 'meta-ca', ca ?? 'FILE'),
  ];
}

function lookupFixes(
  asked: PerformedLookup,
  fault: NonNullable<PerformedLookup['fault']>,
  facts: DoctorFacts,
): readonly Fix[] {
  const node = reachableNode(asked, facts.nodes);
  const address = node === undefined ? [] : [setAuthKey(asked, 'meta-addr', nodeHostAndPort(node.url))];
  switch (fault.cause) {
    case 'bad-meta-addr':
    case 'meta-timeout':
    case 'meta-redirect':
      return address;
    case 'meta-unreachable':
      return node !== undefined && nodeHostAndPort(node.url) === asked.metaAddr
        ? tlsFixes(asked, facts, node)
        : address;
    case 'meta-tls':
      return tlsFixes(asked, facts, node);
    case 'meta-refuses-account':
      return fault.fixes.some(({ command }) => command !== undefined) ? fault.fixes : accountFixes(asked, facts);
    default:
      return fault.fixes.filter(({ command }) => command?.line !== 'kapadmin doctor');
  }
}

export const lookupCheck: DoctorCheck = {
  what: "Kapacitor's own account",
  ids: ['kapacitor-does-not-start', 'kapacitor-account'],
  run(facts): DoctorCheckResult {
    const { lookup } = facts;
    if (lookup.is === 'unknown') return { findings: [], unknown: [{ ids: lookupCheck.ids, why: lookup.why }] };
    const { conf } = lookup;
    const place: FindingLocation | undefined = conf === undefined ? undefined : { in: 'file', file: conf };
    if (lookup.is === 'does-not-start') {
      const fixes = [
        {
          what: 'To see what is wrong',
          command: commandLine('kapadmin config check', conf === undefined ? [] : [conf]),
        },
      ];
      const open = [{ ids: ['kapacitor-account'] as const, why: 'Kapacitor does not start' }];
      return { findings: [finding('kapacitor-does-not-start', lookup.message, { place, fixes })], unknown: open };
    }
    const { fault, metaAddr } = lookup;
    if (fault === undefined) {
      const okText = `Kapacitor looks up users at ${metaAddr} with ${lookupAccountText(lookup)}`;
      return { findings: [], ok: okText };
    }
    const fact = `${fault.why.charAt(0).toUpperCase()}${fault.why.slice(1)}.`;
    return { findings: [finding('kapacitor-account', fact, { place, fixes: lookupFixes(lookup, fault, facts) })] };
  },
};
