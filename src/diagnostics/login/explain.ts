import { subscriberName } from '../../auth-engine/request.js';
import { privilegeByMethod } from '../../auth-engine/privileges.js';
import { showDuration } from '../../model/text.js';
import { toText } from '../../go-compat/utf8.js';
import {
  type CredentialsStep,
  findVerdict,
  type PasswordStep,
  type TokenStep,
  type Trace,
  type TraceStep,
  type UserRecordStep,
} from '../../auth-engine/trace.js';
import type { Permissions } from '../../model/permissions.js';
import { cacheNote, explainDatabase, explainPrivileges } from './missing-privileges.js';
import {
  type CauseId,
  type ExplainContext,
  explanation,
  type Explanation,
  securityWarnings,
  storeNotes,
} from './explanation.js';
import { explainLookup, explainUserCount } from './failed-lookups.js';
import type { BcryptHashFault } from '../../auth-engine/parse-bcrypt.js';
import { commandLine } from '../../model/shell-command.js';

const ignoredCauses: Readonly<Record<NonNullable<CredentialsStep['ignored']>, [CauseId, string]>> = {
  scheme: [
    'wrong-scheme',
    'the Authorization header has an unknown scheme: it is neither "Bearer TOKEN" nor "Basic ..."',
  ],
  base64: [
    'unreadable-credentials',
    'the value after "Basic " is not valid base64 (padded, with one space before it and none inside)',
  ],
  'no-colon': ['unreadable-credentials', 'the value after "Basic " has no ":" between user name and password'],
  'empty-bearer': ['unreadable-credentials', 'the Authorization header is "Bearer" without a token'],
  'bearer-words': [
    'unreadable-credentials',
    'the value after "Bearer " contains a space: Kapacitor before 1.6.5 ignores such a header',
  ],
};

const sendCredentials = {
  what: 'To send credentials',
  setting:
    'http://USER:PASSWORD@HOST:9092/... (percent-encoded); for the kapacitor program set KAPACITOR_URL, here add --user NAME',
};

function explainCredentials(step: CredentialsStep): Explanation {
  if (step.message === 'username required') {
    return explanation('username-required', 'the user name in the credentials is empty', [sendCredentials]);
  }
  if (step.ignored === undefined) {
    return explanation('no-credentials', 'no credentials sent: no Authorization header, and no u and p in the query', [
      sendCredentials,
    ]);
  }
  return explanation(...ignoredCauses[step.ignored], [sendCredentials]);
}

const tokenFixes: Readonly<Record<number, string>> = {
  5: 'sign it with HS256, HS384 or HS512',
  6: 'sign it with [http] shared-secret of kapacitor.conf',
  7: 'create a new token, and compare the clocks of both machines',
  8: 'give it an "exp" claim: a number above 0',
  9: 'give it a "username" claim: a string that is not empty',
};

function explainToken(step: TokenStep): Explanation {
  const check = step.check ?? 1;
  const setting = tokenFixes[check] ?? 'send header.claims.signature, each base64url without padding';
  const why = `Kapacitor rejects the bearer token: ${step.message ?? ''} (check ${check} of 9)`;
  return explanation('token', why, [{ what: 'Fix', setting }]);
}

function ownPermissions(userRecord: UserRecordStep | undefined): Permissions {
  return new Map((userRecord?.permissions ?? []).map(({ scope, permissions }) => [scope, permissions]));
}

const badRequests: Readonly<Record<string, string>> = {
  method: 'a method such as GET',
  target: 'a path that begins with / and is percent-encoded',
  header: 'headers of ASCII names, without control characters',
  asterisk: 'a path instead of *',
};

const routing: Readonly<Record<string, (step: TraceStep) => Explanation>> = {
  target: (step) => {
    const reason = 'reason' in step ? step.reason : '';
    const fix = { what: 'Send', setting: badRequests[reason] ?? 'a valid HTTP request' };
    return explanation('bad-request', `Go's HTTP server rejects the request (${reason})`, [fix]);
  },
  method: (step) => {
    const method = 'method' in step ? step.method : '';
    const fix = { what: 'Use one of', setting: Object.keys(privilegeByMethod).join(', ') };
    return explanation(
      'unrouted',
      `Kapacitor does not support the method ${method}: it responds with 404 for any path`,
      [fix],
    );
  },
  'clean-path': (step) =>
    explanation('redirect', `the path is not clean: Kapacitor redirects before it checks credentials`, [
      { what: 'Request', setting: 'location' in step ? (step.location ?? '') : '' },
    ]),
};

/** The requests of subscriptions: only Kapacitor itself knows their tokens. */
function explainSubscription(message: string): Explanation {
  const why = `${subscriberName} requires one of Kapacitor's own subscription tokens: ${toText(message)}`;
  return explanation('subscription-token', why, [
    { what: 'To recreate the subscriptions with their tokens', setting: 'POST /kapacitor/v1/subscriptions' },
    { what: 'To log in', setting: 'another user name, with its password' },
  ]);
}

/** A preview path is decided in two rounds: which one refused. */
function previewNote(trace: Trace, path: string): string[] {
  const second = trace.some((step) => step.kind === 'preview');
  if (!second && !path.startsWith('/kapacitor/v1preview/')) return [];
  const round = second ? 'second check, as the path below /kapacitor/v1' : 'first check, as /api/preview';
  return [`A preview path is checked twice; it is denied by the ${round}.`];
}

/** The user record whose permissions decided: the one in the trace, or the cached one. */
function explainFailure(
  step: TraceStep,
  trace: Trace,
  context: ExplainContext,
  cached: Permissions | undefined,
): Explanation {
  const userRecord = trace.findLast((one) => one.kind === 'user-record');
  const own = cached ?? ownPermissions(userRecord);
  const expiration = context.settings.cacheExpiration;
  const cache = cacheNote(expiration > 0 ? showDuration(expiration) : undefined);
  const route = routing[step.kind];
  if (route !== undefined) return route(step);
  switch (step.kind) {
    case 'credentials':
      return explainCredentials(step);
    case 'token':
      return explainToken(step);
    case 'subscription':
      return explainSubscription(step.message ?? '');
    case 'own-store':
      return explanation(
        'own-store',
        "meta-addr is empty: users come from Kapacitor's own store (/kapacitor/v1/users), which kapadmin cannot read",
        [{ what: 'To use the users of the cluster', setting: '[auth] meta-addr = "HOST:8091"' }],
      );
    case 'lookup':
      return explainLookup(step, context, userRecord?.users);
    case 'password': {
      const named = trace.findLast((one) => one.kind === 'credentials');
      return explainPassword(step, named?.user ?? '', userRecord, context);
    }
    case 'privileges': {
      if (userRecord !== undefined && userRecord.users !== 1)
        return explainUserCount(userRecord.requested, userRecord.users);
      const result = explainPrivileges(step, own, context, cache);
      return { ...result, notes: [...result.notes, ...userRecordNote(userRecord), ...previewNote(trace, step.path)] };
    }
    case 'database':
      return explainDatabase(step, own, context, cache);
    default:
      return explanation('allowed', 'no check denies it');
  }
}

/**
 * Why the verdict is what it is: the cause, the fact that shows it, and what fixes it. It reads the trace and decides
 * nothing itself.
 * @param cached the permissions of a user that came from the user cache, where the trace has no document
 */
export function explainTrace(trace: Trace, context: ExplainContext, cached?: Permissions): Explanation {
  const warnings = securityWarnings(trace, context);
  const ownNotes = storeNotes(trace, context);
  if (findVerdict(trace).verdict === 'allow') {
    const userRecord = trace.findLast((one) => one.kind === 'user-record');
    const notes = userRecord?.hash === 'none' ? [] : userRecordNote(userRecord);
    return {
      ...explanation('allowed', 'authentication and authorization passed', [], [...notes, ...ownNotes]),
      warnings,
    };
  }
  const failed = trace.findLast((step) => step.outcome === 'fail' && step.kind !== 'verdict');
  const result = failed === undefined ? explanation('allowed', '') : explainFailure(failed, trace, context, cached);
  return { ...result, notes: [...result.notes, ...ownNotes], warnings };
}

const hashFaults: Readonly<Record<BcryptHashFault, string>> = {
  'too-short': 'is shorter than a bcrypt hash',
  'not-bcrypt': 'is not bcrypt (PBKDF2, which Enterprise 1.9.3 and later can store)',
  'version-too-new': 'has a later bcrypt version than Kapacitor supports',
  'bad-cost': 'has a bcrypt cost outside 4 to 31',
  'bad-salt': 'has an invalid bcrypt salt',
};

function isHashFault(fault: PasswordStep['fault']): fault is BcryptHashFault {
  return fault !== undefined && Object.hasOwn(hashFaults, fault);
}

/** The document was of another user, of none, or of several. */
function userRecordNote(userRecord: UserRecordStep | undefined): string[] {
  if (userRecord === undefined) return [];
  if (userRecord.users !== 1) {
    return [
      `The meta node returned ${userRecord.users} users where Kapacitor expects one: it treats that as an empty user.`,
    ];
  }
  if (userRecord.name === userRecord.requested) return [];
  return [`The meta node returned the user ${userRecord.name}.`];
}

/** A password that does not fit, or a hash that Kapacitor cannot check. */
function explainPassword(
  step: PasswordStep,
  user: string,
  userRecord: UserRecordStep | undefined,
  context: ExplainContext,
): Explanation {
  const name = user;
  const passwd = { what: 'To reset it', command: commandLine('kapadmin user passwd', [user]) };
  const notes = userRecordNote(userRecord);
  if (isHashFault(step.fault)) {
    const why = `the stored hash of ${name} ${hashFaults[step.fault]}; Kapacitor supports only bcrypt`;
    const fix = {
      what: 'On all meta nodes, before you set a new password',
      setting: '[meta] password-hash = "bcrypt"',
    };
    return explanation('hash-not-bcrypt', why, [fix, passwd], notes);
  }
  if (step.fault === 'too-long' || step.fault === 'cost-too-high') {
    const what = step.fault === 'too-long' ? 'the password has more than 72 bytes' : `bcrypt-cost is ${step.cost}`;
    const fix = { what: 'Fix', setting: step.fault === 'too-long' ? 'a shorter password' : 'bcrypt-cost = 10' };
    return explanation('ldap-hash', `LDAP accepts the password, but Kapacitor cannot hash it: ${what}`, [fix], notes);
  }
  if (step.cached) {
    const expiration = showDuration(context.settings.cacheExpiration);
    const why = `the password does not match the hash of ${name} in Kapacitor's user cache (cache-expiration ${expiration})`;
    const again =
      'This failure removes the cached entry: a new password is rejected once, and the next attempt asks the meta node again.';
    const fix = { what: 'If the password was changed', setting: 'try again' };
    return explanation('stale-user-cache', why, [fix, passwd], [again, ...notes]);
  }
  const check = { what: 'Check the password', setting: `it is not the one that the cluster has for ${name}` };
  return explanation('wrong-password', `the password does not match the hash of ${name}`, [check, passwd], notes);
}
