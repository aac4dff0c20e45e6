import type { LookupCause, LookupStep } from '../../kapacitor/trace.js';
import { toText } from '../../go-compat/utf8.js';
import { commandLine } from '../../model/shell-command.js';
import { excerpt } from '../../model/text.js';
import { type CauseId, explanation, type Explanation, type Surroundings } from './explanation.js';
import type { Mend } from '../fix.js';

function where(around: Surroundings): string {
  return around.conf === undefined ? 'the connection' : around.conf;
}

function metaAddr(around: Surroundings): string {
  return `"${toText(around.settings.metaAddr)}"`;
}

function account(around: Surroundings): string {
  const { metaSecret, metaUsername } = around.settings;
  if (metaSecret !== '') return 'a bearer token of meta-internal-shared-secret';
  return metaUsername === '' ? 'no credentials' : `the account ${toText(metaUsername)}`;
}

interface Row {
  readonly cause: CauseId;
  why(step: LookupStep, around: Surroundings): string;
  mends?(step: LookupStep, around: Surroundings): readonly Mend[];
}

const checkMeta: Mend = { what: 'To see more', command: commandLine('kapadmin doctor') };

function setting(name: string, what: string): (step: LookupStep, around: Surroundings) => readonly Mend[] {
  return (_, around) => [{ what: `${what}, in ${where(around)}`, setting: name }];
}

/** An unknown permission in the document, as Kapacitor's client names it. */
function unknownPermission(step: LookupStep): string | undefined {
  return /^invalid permission: (.*)$/s.exec(toText(step.error ?? ''))?.[1];
}

function revoke(step: LookupStep): readonly Mend[] {
  const permission = unknownPermission(step);
  if (permission === undefined) return [checkMeta];
  const command = commandLine('kapadmin user revoke', [step.user, permission], ['--force']);
  return [{ what: 'To mend it (for each scope that has it, with --db)', command }];
}

function createUser(user: string): readonly Mend[] {
  return [
    { what: 'Check the name', command: commandLine('kapadmin user list') },
    { what: 'To create it', command: commandLine('kapadmin user create', [user]) },
  ];
}

function statusOf(step: LookupStep): string {
  const { status } = step.requests.at(-1) ?? {};
  const text = toText(step.error ?? '');
  return `${status ?? 'an error'}${text === '' ? '' : ` "${excerpt(text, 120)}"`}`;
}

const rows: Readonly<Record<LookupCause, Row>> = {
  'bad-address': {
    cause: 'bad-meta-addr',
    why: (_, around) => `meta-addr ${metaAddr(around)} is not host:port, so that no request reaches the meta node`,
    mends: setting('meta-addr = "HOST:8091"', 'Host and port alone'),
  },
  refused: {
    cause: 'meta-unreachable',
    why: (_, around) => `the meta node ${metaAddr(around)} cannot be reached`,
    mends: setting('meta-addr', 'Start the meta node; if it is elsewhere'),
  },
  timeout: {
    cause: 'meta-timeout',
    why: (_, around) => `the meta node ${metaAddr(around)} gives no answer`,
    mends: () => [checkMeta],
  },
  tls: {
    cause: 'meta-tls',
    why: (step, around) =>
      step.requests.at(-1)?.status === undefined
        ? `TLS with the meta node ${metaAddr(around)} fails`
        : `the meta node ${metaAddr(around)} speaks TLS, and Kapacitor sends it plain HTTP`,
    mends: setting('meta-use-tls, meta-ca', 'To mend it'),
  },
  redirects: {
    cause: 'meta-redirect',
    why: (step) => `the redirects of the meta node lead nowhere: ${excerpt(toText(step.error ?? ''), 160)}`,
    mends: () => [checkMeta],
  },
  unauthorized: {
    cause: 'meta-refuses-account',
    why: (step, around) => `the meta node refuses Kapacitor's own account, ${account(around)}: ${statusOf(step)}`,
    mends: setting('meta-username and meta-password, or meta-internal-shared-secret', 'To mend it'),
  },
  forbidden: {
    cause: 'meta-refuses-account',
    why: (step, around) => `Kapacitor's own account, ${account(around)}, may not read users: ${statusOf(step)}`,
    mends: (_, around) => [
      {
        what: 'To let it read users',
        command: commandLine('kapadmin user grant', [toText(around.settings.metaUsername), 'CreateUserAndRole']),
      },
    ],
  },
  'not-found': {
    cause: 'unknown-user',
    why: (step) => `the cluster has no user "${step.user}"`,
    mends: (step) => createUser(step.user),
  },
  'no-leader': { cause: 'no-leader', why: () => 'the meta nodes have no leader', mends: () => [checkMeta] },
  status: {
    cause: 'meta-error',
    why: (step) => `the meta node answers with an error of its own: ${statusOf(step)}`,
    mends: () => [checkMeta],
  },
  unreadable: {
    cause: 'unreadable-document',
    why: (step) => `the answer of the meta node is not JSON: ${excerpt(toText(step.error ?? ''), 120)}`,
    mends: () => [checkMeta],
  },
  undecodable: {
    cause: 'undecodable-document',
    why: (step) => {
      const permission = unknownPermission(step);
      const user = step.user;
      if (permission === undefined)
        return `Kapacitor cannot decode the document of ${user}: ${excerpt(toText(step.error ?? ''))}`;
      return `Kapacitor does not know the permission "${excerpt(permission, 60)}" of ${user}, and so cannot log in this user at all`;
    },
    mends: revoke,
  },
};

const unreachedWords: Readonly<Partial<Record<LookupCause, string>>> = {
  refused: 'cannot be reached',
  timeout: 'gives no answer',
  tls: 'cannot be reached by TLS',
};

/** The meta node answers, but with a redirect to where nobody does. */
function explainRedirect(step: LookupStep, around: Surroundings): Explanation | undefined {
  const last = step.requests.at(-1);
  const words = step.cause === undefined ? undefined : unreachedWords[step.cause];
  if (words === undefined || last === undefined || last.hop === 0) return undefined;
  const to = /^[a-z]+:\/\/[^/?#]*/i.exec(last.url)?.[0] ?? last.url;
  return explanation('meta-redirect', `the meta node ${metaAddr(around)} redirects to ${to}, which ${words}`, [
    {
      what: `Let Kapacitor's machine find and reach that name, or name the leader in ${where(around)}`,
      setting: 'meta-addr',
    },
    checkMeta,
  ]);
}

const ownAccount = {
  what: 'Give an account that may read users',
  setting:
    '--meta-username NAME with --meta-password-stdin or --meta-password-file FILE, or --meta-secret-file FILE; or name the configuration of Kapacitor with --kapacitor-conf FILE',
};

/** The meta node refuses the account of the connection, which stands for Kapacitor's: nothing follows for that. */
function explainConnection(step: LookupStep, around: Surroundings): Explanation {
  const { metaSecret, metaUsername } = around.settings;
  const node = metaAddr(around);
  const bearer = 'the bearer token of --meta-secret-file';
  const why =
    metaSecret === '' && metaUsername === ''
      ? `no account is given to kapadmin for the meta node ${node}: ${statusOf(step)}`
      : `the meta node ${node} refuses ${metaSecret === '' ? `kapadmin's account "${toText(metaUsername)}"` : bearer}: ${statusOf(step)}`;
  return explanation('meta-refuses-connection', `${why}. What Kapacitor would respond is not known`, [ownAccount]);
}

/**
 * Why a lookup failed, and what mends it.
 * @param users how many the document before it named: none is a user that the cluster does not have
 */
export function explainLookup(step: LookupStep, around: Surroundings, users = 1): Explanation {
  const waits = 'Kapacitor asks again for 10 s before it answers 401.';
  if (step.purpose === 'ldap' && step.cause === 'unauthorized' && users !== 1) {
    return { ...explainNotOne(step.user, users), notes: [waits] };
  }
  if (step.purpose === 'ldap' && step.cause === 'unauthorized') {
    const why = `the meta node says that this is not the password of ${step.user} (LDAP)`;
    const mends = [{ what: 'To look at it on a meta node', command: commandLine('influxd-ctl ldap verify') }];
    return explanation('ldap-refused', why, mends, [waits]);
  }
  if (around.isAssumed === true && (step.cause === 'unauthorized' || step.cause === 'forbidden')) {
    return explainConnection(step, around);
  }
  const unreached = explainRedirect(step, around);
  if (unreached !== undefined) return { ...unreached, notes: [waits] };
  const row = rows[step.cause ?? 'status'];
  return explanation(row.cause, row.why(step, around), row.mends?.(step, around) ?? [], [waits]);
}

/** The meta node named no user, or several, where Kapacitor wants one. */
export function explainNotOne(user: string, users: number): Explanation {
  const name = user;
  const takes = 'Kapacitor takes that for a user without a name and without rights';
  if (users === 0) {
    const why = `the cluster has no user "${name}": the meta node names none, ${takes}`;
    return explanation('unknown-user', why, createUser(user));
  }
  return explanation('meta-error', `the meta node names ${users} users for "${name}": ${takes}`, [checkMeta]);
}
