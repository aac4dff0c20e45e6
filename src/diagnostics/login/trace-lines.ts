import { describeEntry, describePrivileges, describeResource } from '../../access-matrix/decide-access.js';
import { excerpt, showDuration } from '../../model/text.js';
import { toText } from '../../go-compat/utf8.js';
import type {
  CredentialsStep,
  DatabaseStep,
  LookupStep,
  PasswordStep,
  PrivilegesStep,
  StepOutcome,
  TokenStep,
  Trace,
  TracedMetaRequest,
  TraceStep,
  UserCacheStep,
  UserStoreStep,
} from '../../auth-engine/trace.js';
import type { AssumedRuleId } from '../../auth-engine/rules/registry.js';

/** One line about a step, for people; raw text. */
export interface TraceLine {
  readonly outcome: StepOutcome;
  /** What the step is: `credentials`, `user cache`, `password`. */
  readonly label: string;
  readonly text: string;
}

type LabelledText = readonly [label: string, text: string];

const forms: Readonly<Record<CredentialsStep['form'], string>> = {
  basic: 'Basic',
  bearer: 'bearer token',
  query: 'query parameters u and p',
  subscriber: 'subscription token',
  none: 'none usable',
};

const ignored: Readonly<Record<NonNullable<CredentialsStep['ignored']>, string>> = {
  scheme: 'the Authorization scheme is neither Basic nor Bearer',
  base64: 'the Authorization header is not valid base64',
  'no-colon': 'the Authorization header has no colon',
  'empty-bearer': 'the bearer token is empty',
  'bearer-words': 'releases before 1.6.5 ignore a bearer header of more than two words',
};

function credentials(step: CredentialsStep): LabelledText {
  const reason = step.ignored === undefined ? '' : ` (${ignored[step.ignored]})`;
  const user = step.user === undefined ? '' : `, user ${step.user}`;
  const message = step.message === undefined ? '' : `: ${step.message}`;
  const form = step.form === 'none' && step.ignored === undefined ? 'none sent' : forms[step.form];
  return ['credentials', `${form}${user}${reason}${message}`];
}

function token(step: TokenStep): LabelledText {
  if (step.outcome === 'fail') return ['token', `check ${step.check} of 9: ${step.message ?? ''}`];
  const key = step.emptySecret ? 'the empty shared-secret' : 'shared-secret';
  return ['token', `${step.algorithm} signature matches ${key}, user ${step.user ?? ''}`];
}

function userCache(step: UserCacheStep): LabelledText {
  const expiration = showDuration(step.expiration);
  if (step.result === 'off') return ['user cache', 'off (no cache-expiration): every request queries the meta node'];
  if (step.result === 'miss') return ['user cache', `miss (cache-expiration ${expiration})`];
  return [
    'user cache',
    `hit: user record stored at ${showDuration(step.storedAt ?? 0)} (cache-expiration ${expiration})`,
  ];
}

function metaResponseText(request: TracedMetaRequest): string {
  const ms = request.ms === undefined ? '' : ` in ${Math.round(request.ms)} ms`;
  if (request.error !== undefined) return `no response (${request.error})${ms}`;
  const location = request.location === undefined ? '' : ` to ${excerpt(request.location, 120)}`;
  return `${request.status}${location}${ms}`;
}

function lookup(step: LookupStep, account: string): LabelledText[] {
  const label = step.purpose === 'ldap' ? 'LDAP' : 'meta lookup';
  const listed = step.requests.length > 3 ? [...step.requests.slice(0, 2), step.requests.at(-1)!] : step.requests;
  const lines = listed.map((request): LabelledText => [
    label,
    `GET ${request.url} ${account}: ${metaResponseText(request)}`,
  ]);
  if (step.outcome === 'pass') return lines;
  const tries = step.attempts > 1 ? `${step.attempts} attempts in 10 s` : 'Kapacitor would retry for 10 s';
  return [
    ...lines,
    [label, `${excerpt(toText(step.error ?? ''), 160) || 'no error text'}; ${tries}, then respond 401`],
  ];
}

const faults: Readonly<Record<NonNullable<PasswordStep['fault']>, string>> = {
  mismatch: 'does not match',
  'too-short': 'the hash is too short for bcrypt',
  'not-bcrypt': 'the hash is not bcrypt',
  'version-too-new': 'the hash has an unknown bcrypt version',
  'bad-cost': 'the hash has an invalid cost',
  'bad-salt': 'the hash has an invalid salt',
  'too-long': 'longer than 72 bytes: Kapacitor cannot hash it',
  'cost-too-high': 'bcrypt-cost is above 31: Kapacitor cannot hash it',
};

function password(step: PasswordStep): LabelledText {
  if (step.by === 'password-cache') {
    const until = showDuration(step.cachedUntil ?? 0);
    return ['password', `accepted from the password cache (until ${until}); the stored hash was not checked`];
  }
  const cost = step.cost === undefined || step.by === 'ldap' ? '' : `${String(step.cost).padStart(2, '0')}$ `;
  const hash = step.prefix === undefined ? '' : `bcrypt ${step.prefix}${cost}`;
  if (step.fault !== undefined) return ['password', `${hash}${faults[step.fault]}`];
  return ['password', `${hash}matches; the password cache keeps it for 1h`];
}

function privileges(step: PrivilegesStep): LabelledText {
  const { needed, resource } = step;
  if (step.decidedBy === 'admin')
    return ['privileges', `${needed} on ${resource}: allowed, the admin has all privileges`];
  if (step.decidedBy === 'nothing-needed') return ['privileges', 'none needed for this method'];
  if (step.entry === undefined) return ['privileges', `denied: no privilege covers ${resource} (needs ${needed})`];
  const result = step.outcome === 'pass' ? 'allowed' : 'denied';
  const why = step.mask === 1 ? '; KapacitorAPI excludes the configuration' : '';
  return [
    'privileges',
    `${needed} on ${resource} (/api is /kapacitor/v1): ${result} (${describeEntry(step.entry, step.mask)}${why})`,
  ];
}

function database(step: DatabaseStep): LabelledText {
  if (step.decidedBy === 'no-database')
    return ['database', 'no db in the query: 400 "database is required", whatever the permissions'];
  const name = `database "${step.database}"`;
  if (step.decidedBy === 'admin') return ['database', `write on ${name}: allowed, the admin has all privileges`];
  if (step.entry === undefined) return ['database', `denied: no privilege covers ${name} (needs write)`];
  const result = step.outcome === 'pass' ? 'allowed' : 'denied';
  const place = step.entry === '/database' ? describeResource(step.entry) : name;
  return ['database', `write on ${name}: ${result} (${describePrivileges(step.mask, place)})`];
}

function userStore({ action, user, response, cachedUntil }: UserStoreStep): string {
  const name = `"${user}"`;
  if (action === 'delete' && response.status === 204) return `removed ${name} from both caches`;
  if (response.status !== 200) return `responds ${response.status}; nothing changes`;
  if (action === 'show' || action === 'list') return "lists Kapacitor's own users";
  if (cachedUntil === undefined) return `stored ${name}, but not in the cache: it cannot log in`;
  return `stored ${name} and cached it until ${showDuration(cachedUntil)}: it logs in with this password and these privileges, regardless of the cluster`;
}

const openReasons: Readonly<Record<string, string>> = {
  options: 'OPTIONS needs no authentication',
  'options-asterisk': "OPTIONS * is handled by Go's HTTP server",
  'authentication-off': '[http] auth-enabled is false: no authentication',
  pprof: 'pprof-enabled is true: this page needs no authentication',
};

function labelledTexts(step: TraceStep, account: string): readonly LabelledText[] {
  switch (step.kind) {
    case 'credentials':
      return [credentials(step)];
    case 'token':
      return [token(step)];
    case 'user-cache':
      return [userCache(step)];
    case 'lookup':
      return lookup(step, account);
    case 'password':
      return [password(step)];
    case 'privileges':
      return [privileges(step)];
    case 'database':
      return [database(step)];
    case 'open':
      return [['route', openReasons[step.why] ?? step.why]];
    case 'preview':
      return [['preview', `rewritten to ${step.path}; all checks run again`]];
    case 'noauth':
      return [['noauth', `any user name and password is accepted as the admin (${step.user})`]];
    case 'user-store':
      return [['user store', userStore(step)]];
    case 'write-body':
      return [['body', `400 before the database is checked: ${excerpt(toText(step.response.text ?? '').trim(), 160)}`]];
    case 'own-store':
      if (step.message === undefined)
        return [['own store', `meta-addr is empty: ${step.user} is a user of Kapacitor's own store`]];
      return [['own store', `meta-addr is empty: ${step.user} is no user of Kapacitor's own store`]];
    case 'subscription':
      return [['subscription', step.message === undefined ? 'token known' : toText(step.message)]];
    case 'target':
      return [['request', `rejected by Go's HTTP server (${step.reason})`]];
    case 'method':
      return [['route', `no method ${step.method}`]];
    case 'clean-path':
      return [['route', `the path is not clean: redirected to ${step.location}`]];
    case 'user-record':
    case 'verdict':
      return [];
  }
}

/** What a step takes for granted where kapadmin cannot see what decides. */
const assumptions: Readonly<Record<AssumedRuleId, string>> = {
  '1.7.unknown': 'kapadmin cannot read that store',
  '2.5.unknown': 'kapadmin cannot read the tokens of Kapacitor',
  '4.once': 'every attempt fails as this one',
};

/** The last line of a step says what it assumes. */
function sayAssumed(step: TraceStep, lines: readonly LabelledText[]): readonly LabelledText[] {
  const id = 'assumes' in step ? step.assumes : undefined;
  if (id === undefined) return lines;
  return lines.map(([label, text], i) => [
    label,
    i < lines.length - 1 ? text : `${text} (assumed: ${assumptions[id]})`,
  ]);
}

/**
 * The steps of a trace before its verdict, for people.
 * @param account who asks the meta node, such as `as admin`
 */
export function describeTrace(trace: Trace, account: string): readonly TraceLine[] {
  return trace.flatMap((step) =>
    sayAssumed(step, labelledTexts(step, account)).map(([label, text]): TraceLine => ({
      outcome: step.outcome,
      label,
      text,
    })),
  );
}
