import { showName } from '../../model/name.js';
import { commandLine } from '../../model/shell-command.js';
import { finding, type Place } from '../../diagnostics/finding.js';
import type { Mend } from '../../diagnostics/fix.js';
import { managing } from './access.js';
import type { Check, Checked } from './check.js';
import type { DoctorFacts, LookupFacts, NodeFacts } from './facts.js';
import { hostOf, valueOf } from './told.js';

type Asked = Extract<LookupFacts, { is: 'asked' }>;

function accountText({ account }: Asked): string {
  if (account.kind === 'user') return `the account ${showName(account.name)}`;
  return account.kind === 'secret' ? 'meta-internal-shared-secret' : 'no account';
}

/** To set a key of [auth]: in the file, or by its variable where that decides. */
function set({ conf, environment, variables }: Asked, key: string, value: string): Mend {
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

/** Mends of an account that the meta node refuses, by what the cluster knows of it. */
function accountMends(asked: Asked, { users }: DoctorFacts): readonly Mend[] {
  const { account } = asked;
  if (account.kind === 'secret') {
    return [set(asked, 'meta-internal-shared-secret', 'THE internal-shared-secret OF THE META NODES')];
  }
  const name = account.kind === 'user' ? account.name : 'kapacitor';
  const known = valueOf(users)?.some((user) => user.name === name) ?? account.kind === 'user';
  const make: Mend = known
    ? { what: 'To give it a new password', command: commandLine('kapadmin user passwd', [name], ['--generate']) }
    : {
        what: 'To make it',
        command: commandLine('kapadmin user create', [name], ['--generate', '--grant', managing]),
      };
  const username = account.kind === 'user' ? [] : [set(asked, 'meta-username', name)];
  return [make, ...username, set(asked, 'meta-password', printed)];
}

/** A named node that answers: the one that `meta-addr` names, if any. */
function nodeFor({ metaAddr }: Asked, nodes: readonly NodeFacts[]): NodeFacts | undefined {
  const sound = nodes.filter(({ ping }) => ping.ok);
  return sound.find(({ url }) => hostOf(url) === metaAddr) ?? sound[0];
}

function tlsMends(asked: Asked, { ca }: DoctorFacts, node: NodeFacts | undefined): readonly Mend[] {
  const secure = node?.url.startsWith('https:') ?? !asked.useTls;
  if (!secure) return [set(asked, 'meta-use-tls', 'false')];
  return [...(asked.useTls ? [] : [set(asked, 'meta-use-tls', 'true')]), set(asked, 'meta-ca', ca ?? 'FILE')];
}

function mendsOf(asked: Asked, fault: NonNullable<Asked['fault']>, facts: DoctorFacts): readonly Mend[] {
  const node = nodeFor(asked, facts.nodes);
  const address = node === undefined ? [] : [set(asked, 'meta-addr', hostOf(node.url))];
  switch (fault.cause) {
    case 'bad-meta-addr':
    case 'meta-timeout':
    case 'meta-redirect':
      return address;
    case 'meta-unreachable':
      return node !== undefined && hostOf(node.url) === asked.metaAddr ? tlsMends(asked, facts, node) : address;
    case 'meta-tls':
      return tlsMends(asked, facts, node);
    case 'meta-refuses-account':
      return fault.mends.some(({ command }) => command !== undefined) ? fault.mends : accountMends(asked, facts);
    default:
      return fault.mends.filter(({ command }) => command?.line !== 'kapadmin doctor');
  }
}

export const lookupCheck: Check = {
  what: 'Kapacitor’s own account',
  ids: ['kapacitor-does-not-start', 'kapacitor-account'],
  look(facts): Checked {
    const { lookup } = facts;
    if (lookup.is === 'unknown') return { findings: [], open: [{ ids: lookupCheck.ids, why: lookup.why }] };
    const { conf } = lookup;
    const place: Place | undefined = conf === undefined ? undefined : { in: 'file', file: conf };
    if (lookup.is === 'does-not-start') {
      const mends = [
        {
          what: 'To see what is wrong',
          command: commandLine('kapadmin config check', conf === undefined ? [] : [conf]),
        },
      ];
      const open = [{ ids: ['kapacitor-account'] as const, why: 'Kapacitor does not start' }];
      return { findings: [finding('kapacitor-does-not-start', lookup.message, { place, mends })], open };
    }
    const { fault, metaAddr } = lookup;
    if (fault === undefined) {
      const well = `Kapacitor looks up users at ${metaAddr} with ${accountText(lookup)}`;
      return { findings: [], well };
    }
    const fact = `${fault.why.charAt(0).toUpperCase()}${fault.why.slice(1)}.`;
    return { findings: [finding('kapacitor-account', fact, { place, mends: mendsOf(lookup, fault, facts) })] };
  },
};
