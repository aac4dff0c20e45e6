import { defaultVersion } from '../../model/kapacitor-versions.js';
import type { LookupCause, LookupStep } from '../../auth-engine/trace.js';
import { toText } from '../../go-compat/utf8.js';
import { commandLine } from '../../model/shell-command.js';
import { excerpt } from '../../model/text.js';
import { type CauseId, explanation, type Explanation, type ExplainContext } from './explanation.js';
import type { Fix } from '../finding.js';

function configName(context: ExplainContext): string {
  return context.conf === undefined ? 'the connection settings' : context.conf;
}

function quotedMetaAddr(context: ExplainContext): string {
  return `"${toText(context.settings.metaAddr)}"`;
}

function accountText(context: ExplainContext): string {
  const { metaSecret, metaUsername } = context.settings;
  if (metaSecret !== '') return 'a bearer token of meta-internal-shared-secret';
  return metaUsername === '' ? 'no credentials' : `the account ${toText(metaUsername)}`;
}

interface CauseRow {
  readonly cause: CauseId;
  why(step: LookupStep, context: ExplainContext): string;
  fixes?(step: LookupStep, context: ExplainContext): readonly Fix[];
}

const runDoctor: Fix = { what: 'To diagnose it', command: commandLine('kapadmin doctor') };

/** The keys of Kapacitor's own account: those that the configuration uses, or all where it uses none. */
function accountKeys({ settings: { metaSecret, metaUsername }, version = defaultVersion }: ExplainContext): string {
  if (metaSecret !== '') return 'meta-internal-shared-secret';
  const hasSecret = metaUsername === '' && version.rules.metaInternalSharedSecret;
  return `meta-username and meta-password${hasSecret ? ', or meta-internal-shared-secret' : ''}`;
}

/** To set keys of kapacitor.conf, those that variables set by these. */
function settingFixes(keys: string, what: string): (step: LookupStep, context: ExplainContext) => readonly Fix[] {
  return (_, context) => {
    const { variables } = context;
    const names = keys.match(/\b(?:meta-[a-z-]+)\b/g) ?? [];
    if (variables === undefined || !names.some((key) => variables.byKey.has(key))) {
      return [{ what: `${what}, in ${configName(context)}`, setting: keys }];
    }
    const setting = names.reduce(
      (text, key) =>
        text.replace(key, variables.byKey.get(key) ?? `KAPACITOR_AUTH_${key.toUpperCase()}`.replaceAll('-', '_')),
      keys.replace(/ = "?([^"]*)"?$/, '=$1'),
    );
    return [{ what: `${what}, in ${variables.from}`, setting }];
  };
}

/** Whether a node responded to TLS in plain HTTP. */
function speaksPlainHttp(step: LookupStep): boolean {
  return /https-to-plain-http|server gave HTTP response to HTTPS client/.test(toText(step.error ?? ''));
}

function tlsReason(step: LookupStep, context: ExplainContext): string {
  const node = `the meta node ${quotedMetaAddr(context)}`;
  if (step.requests.at(-1)?.status !== undefined) return `${node} requires TLS, but Kapacitor uses plain HTTP`;
  return speaksPlainHttp(step) ? `${node} speaks plain HTTP, but Kapacitor uses TLS` : `TLS with ${node} fails`;
}

function tlsFixes(step: LookupStep, context: ExplainContext): readonly Fix[] {
  const keys = speaksPlainHttp(step) ? 'meta-use-tls = false' : 'meta-use-tls, meta-ca';
  return settingFixes(keys, 'Fix')(step, context);
}

/** An unknown permission in the document, as Kapacitor's client names it. */
function unknownPermission(step: LookupStep): string | undefined {
  return /^invalid permission: (.*)$/s.exec(toText(step.error ?? ''))?.[1];
}

function revokeFixes(step: LookupStep): readonly Fix[] {
  const permission = unknownPermission(step);
  if (permission === undefined) return [runDoctor];
  const command = commandLine('kapadmin user revoke', [step.user, permission], ['--force']);
  return [{ what: 'To revoke it (with --db for each database that has it)', command }];
}

function createUserFixes(user: string): readonly Fix[] {
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

const causeRows: Readonly<Record<LookupCause, CauseRow>> = {
  'bad-address': {
    cause: 'bad-meta-addr',
    why: (_, context) => `meta-addr ${quotedMetaAddr(context)} is not host:port, so no request reaches the meta node`,
    fixes: settingFixes('meta-addr = "HOST:8091"', 'Set host and port only'),
  },
  refused: {
    cause: 'meta-unreachable',
    why: (_, context) => `the meta node ${quotedMetaAddr(context)} cannot be reached`,
    fixes: settingFixes('meta-addr', 'Start the meta node, or correct its address'),
  },
  timeout: {
    cause: 'meta-timeout',
    why: (_, context) => `the meta node ${quotedMetaAddr(context)} does not respond`,
    fixes: () => [runDoctor],
  },
  tls: {
    cause: 'meta-tls',
    why: tlsReason,
    fixes: tlsFixes,
  },
  redirects: {
    cause: 'meta-redirect',
    why: (step) => `the redirects of the meta node cannot be followed: ${excerpt(toText(step.error ?? ''), 160)}`,
    fixes: () => [runDoctor],
  },
  unauthorized: {
    cause: 'meta-refuses-account',
    why: (step, context) => `the meta node rejects Kapacitor's own account, ${accountText(context)}: ${statusOf(step)}`,
    fixes: (step, context) => settingFixes(accountKeys(context), 'Fix')(step, context),
  },
  forbidden: {
    cause: 'meta-refuses-account',
    why: (step, context) => `Kapacitor's own account, ${accountText(context)}, may not read users: ${statusOf(step)}`,
    fixes: (_, context) => [
      {
        what: 'To allow it to read users',
        command: commandLine('kapadmin user grant', [toText(context.settings.metaUsername), 'CreateUserAndRole']),
      },
    ],
  },
  'not-found': {
    cause: 'unknown-user',
    why: (step) => `the cluster has no user "${step.user}"`,
    fixes: (step) => createUserFixes(step.user),
  },
  'no-leader': { cause: 'no-leader', why: () => 'the meta nodes have no leader', fixes: () => [runDoctor] },
  status: {
    cause: 'meta-error',
    why: (step) => `the meta node returns an error: ${statusOf(step)}`,
    fixes: () => [runDoctor],
  },
  unreadable: {
    cause: 'unreadable-document',
    why: (step) => `the response of the meta node is not JSON: ${excerpt(toText(step.error ?? ''), 120)}`,
    fixes: () => [runDoctor],
  },
  undecodable: {
    cause: 'undecodable-document',
    why: (step) => {
      const permission = unknownPermission(step);
      const user = step.user;
      if (permission === undefined)
        return `Kapacitor cannot decode the user record of ${user}: ${excerpt(toText(step.error ?? ''))}`;
      return `Kapacitor rejects every login of ${user}: it does not know the permission "${excerpt(permission, 60)}"`;
    },
    fixes: revokeFixes,
  },
};

const unreachedReasons: Readonly<Partial<Record<LookupCause, string>>> = {
  refused: 'cannot be reached',
  timeout: 'does not respond',
  tls: 'cannot be reached over TLS',
};

/** The meta node redirects to an unreachable address. */
function explainRedirect(step: LookupStep, context: ExplainContext): Explanation | undefined {
  const last = step.requests.at(-1);
  const words = step.cause === undefined ? undefined : unreachedReasons[step.cause];
  if (words === undefined || last === undefined || last.redirects === 0) return undefined;
  const to = /^[a-z]+:\/\/[^/?#]*/i.exec(last.url)?.[0] ?? last.url;
  return explanation('meta-redirect', `the meta node ${quotedMetaAddr(context)} redirects to ${to}, which ${words}`, [
    {
      what: `Make that name resolvable and reachable from Kapacitor's machine, or set the leader in ${configName(context)}`,
      setting: 'meta-addr',
    },
    runDoctor,
  ]);
}

const useOtherAccount = {
  what: 'Use an account that may read users',
  setting:
    '--meta-username NAME with --meta-password-stdin or --meta-password-file FILE, or --meta-secret-file FILE; or specify the configuration of Kapacitor with --kapacitor-conf FILE',
};

/**
 * The meta node rejects the account of the connection, which replaces Kapacitor's: this says nothing about Kapacitor's.
 */
function explainConnection(step: LookupStep, context: ExplainContext): Explanation {
  const { metaSecret, metaUsername } = context.settings;
  const node = quotedMetaAddr(context);
  const bearer = 'the bearer token of --meta-secret-file';
  const why =
    metaSecret === '' && metaUsername === ''
      ? `no account is configured for the meta node ${node}: ${statusOf(step)}`
      : `the meta node ${node} rejects ${metaSecret === '' ? `kapadmin's account "${toText(metaUsername)}"` : bearer}: ${statusOf(step)}`;
  return explanation('meta-refuses-connection', `${why}. What Kapacitor would respond is not known`, [useOtherAccount]);
}

/**
 * Why a lookup failed, and what fixes it.
 * @param users how many the document before it named: none is a user that the cluster does not have
 */
export function explainLookup(step: LookupStep, context: ExplainContext, users = 1): Explanation {
  if (step.purpose === 'ldap' && step.cause === 'unauthorized' && users !== 1) {
    return explainUserCount(step.user, users);
  }
  if (step.purpose === 'ldap' && step.cause === 'unauthorized') {
    const why = `the meta node rejects the password of ${step.user} (LDAP)`;
    const fixes = [{ what: 'To check it on a meta node', command: commandLine('influxd-ctl ldap verify') }];
    return explanation('ldap-refused', why, fixes);
  }
  if (context.isAssumed === true && (step.cause === 'unauthorized' || step.cause === 'forbidden')) {
    return explainConnection(step, context);
  }
  const unreached = explainRedirect(step, context);
  if (unreached !== undefined) return unreached;
  const row = causeRows[step.cause ?? 'status'];
  return explanation(row.cause, row.why(step, context), row.fixes?.(step, context) ?? []);
}

/** The meta node named no user, or several, where Kapacitor wants one. */
export function explainUserCount(user: string, users: number): Explanation {
  const name = user;
  const takes = 'Kapacitor treats that as a user without a name and without privileges';
  if (users === 0) {
    const why = `the cluster has no user "${name}": the meta node returned none; ${takes}`;
    return explanation('unknown-user', why, createUserFixes(user));
  }
  return explanation('meta-error', `the meta node returned ${users} users for "${name}"; ${takes}`, [runDoctor]);
}
