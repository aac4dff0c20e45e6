import { showDuration } from '../../model/units.js';
import { toText } from '../../go-compat/utf8.js';
import type {
  CredentialsStep,
  DatabaseStep,
  LookupStep,
  TracedMetaRequest,
  PasswordStep,
  PrivilegesStep,
  TraceStep,
  TokenStep,
  Trace,
  UserCacheStep,
  UserStoreStep,
} from '../../auth-engine/trace.js';
import { excerpt } from '../../model/text.js';
import type { Style } from '../style.js';
import { styled, type Text } from '../styled.js';

type TraceLine = readonly [label: string, text: string];

const forms: Readonly<Record<CredentialsStep['form'], string>> = {
  basic: 'Basic',
  bearer: 'bearer token',
  query: 'u and p of the query',
  subscriber: 'subscription token',
  none: 'none',
};

const ignored: Readonly<Record<NonNullable<CredentialsStep['ignored']>, string>> = {
  scheme: 'the Authorization header has another scheme',
  base64: 'the Authorization header is not base64',
  'no-colon': 'the Authorization header holds no colon',
  'empty-bearer': 'the bearer token is empty',
  'bearer-words': 'before 1.6.5 a bearer header of more than two words is not used',
};

function credentials(step: CredentialsStep): TraceLine {
  const passedOver = step.ignored === undefined ? '' : ` (${ignored[step.ignored]})`;
  const user = step.user === undefined ? '' : `, user ${step.user}`;
  const message = step.message === undefined ? '' : `: ${step.message}`;
  return ['credentials', `${forms[step.form]}${user}${passedOver}${message}`];
}

function token(step: TokenStep): TraceLine {
  if (step.outcome === 'fail') return ['token', `check ${step.check} of 9: ${step.message ?? ''}`];
  const key = step.emptySecret ? 'the EMPTY shared-secret' : 'shared-secret';
  return ['token', `${step.algorithm} signature fits ${key}, user ${step.user ?? ''}`];
}

function userCache(step: UserCacheStep): TraceLine {
  const expiration = showDuration(step.expiration);
  if (step.result === 'off') return ['user cache', 'off (no cache-expiration): every request asks the meta node'];
  if (step.result === 'miss') return ['user cache', `miss (cache-expiration ${expiration})`];
  return [
    'user cache',
    `hit: the document stored at ${showDuration(step.storedAt ?? 0)} (cache-expiration ${expiration})`,
  ];
}

function metaResponseText(fact: TracedMetaRequest): string {
  const ms = fact.ms === undefined ? '' : ` in ${Math.round(fact.ms)} ms`;
  if (fact.error !== undefined) return `no answer (${fact.error})${ms}`;
  const location = fact.location === undefined ? '' : ` to ${excerpt(fact.location, 120)}`;
  return `${fact.status}${location}${ms}`;
}

function lookup(step: LookupStep, account: string): TraceLine[] {
  const label = step.purpose === 'ldap' ? 'LDAP' : 'meta lookup';
  const shown = step.requests.length > 3 ? [...step.requests.slice(0, 2), step.requests.at(-1)!] : step.requests;
  const lines = shown.map((fact): TraceLine => [label, `GET ${fact.url} ${account}: ${metaResponseText(fact)}`]);
  if (step.outcome === 'pass') return lines;
  const tries = step.attempts > 1 ? `${step.attempts} tries in 10 s` : 'Kapacitor would ask again for 10 s';
  return [...lines, [label, `${excerpt(toText(step.error ?? ''), 160) || 'no error text'}; ${tries}, then answer 401`]];
}

const faults: Readonly<Record<NonNullable<PasswordStep['fault']>, string>> = {
  mismatch: 'does not match',
  'too-short': 'the hash is too short for bcrypt',
  'not-bcrypt': 'the hash is not bcrypt',
  'version-too-new': 'the hash is of an unknown version of bcrypt',
  'bad-cost': 'the hash has no valid cost',
  'bad-salt': 'the hash has no valid salt',
  'too-long': 'more than 72 bytes: Kapacitor cannot hash it',
  'cost-too-high': 'bcrypt-cost is over 31: Kapacitor cannot hash it',
};

function password(step: PasswordStep): TraceLine {
  if (step.by === 'password-cache') {
    const until = showDuration(step.rememberedUntil ?? 0);
    return ['password', `accepted by the password cache, until ${until}; the stored hash is not looked at`];
  }
  const cost = step.cost === undefined || step.by === 'ldap' ? '' : `${String(step.cost).padStart(2, '0')}$ `;
  const hash = step.prefix === undefined ? '' : `bcrypt ${step.prefix}${cost}`;
  if (step.fault !== undefined) return ['password', `${hash}${faults[step.fault]}`];
  return ['password', `${hash}matches; remembered for 1h`];
}

const masks: readonly [bit: number, word: string][] = [
  [1, 'none'],
  [2, 'read'],
  [4, 'write'],
  [8, 'delete'],
  [16, 'all'],
];

function maskWords(mask: number): string {
  return masks.flatMap(([bit, word]) => ((mask & bit) === 0 ? [] : [word])).join(' + ');
}

function privileges(step: PrivilegesStep): TraceLine {
  const asked = `${step.needed} on ${step.resource}`;
  if (step.decidedBy === 'admin') return ['privileges', `${asked}: the admin may do everything`];
  if (step.decidedBy === 'nothing-needed') return ['privileges', 'none needed for this method'];
  const verb = step.outcome === 'pass' ? 'allowed' : 'refused';
  if (step.entry === undefined) return ['privileges', `${asked}: refused, no entry for it or anything above it`];
  const why = step.mask === 1 ? ' (KapacitorAPI leaves the configuration out)' : '';
  return ['privileges', `${asked}: ${verb} by ${step.entry} = ${maskWords(step.mask)}${why}`];
}

function database(step: DatabaseStep): TraceLine {
  if (step.decidedBy === 'no-database')
    return ['database', 'no db in the query: 400 "database is required", no matter of rights'];
  const entry = step.entry === undefined ? '' : ` by ${step.entry} = ${maskWords(step.mask)}`;
  const verb = step.outcome === 'pass' ? 'allowed' : 'refused';
  return ['database', `write on "${step.database}": ${verb}${entry}`];
}

function userStore({ action, user, response, cachedUntil }: UserStoreStep): string {
  const name = `"${user}"`;
  if (action === 'delete' && response.status === 204) return `both caches forget ${name}`;
  if (response.status !== 200) return `responds ${response.status}; nothing changes`;
  if (action === 'show' || action === 'list') return "lists Kapacitor's own users";
  if (cachedUntil === undefined) return `${name} is stored, but not cached: it cannot log in`;
  return `${name} is stored and cached until ${showDuration(cachedUntil)}: it logs in with this password and these privileges, whatever the cluster says`;
}

const openReasons: Readonly<Record<string, string>> = {
  options: 'OPTIONS is answered without authentication',
  'options-asterisk': "OPTIONS * is answered by Go's HTTP server",
  'authentication-off': '[http] auth-enabled is false: nobody is asked',
  pprof: 'pprof-enabled: this page asks nobody',
};

function linesOf(step: TraceStep, account: string): readonly TraceLine[] {
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
      return [['preview', `rewritten to ${step.path}: everything runs again`]];
    case 'noauth':
      return [['noauth', `any user and password is the admin (${step.user})`]];
    case 'user-store':
      return [['user store', userStore(step)]];
    case 'write-body':
      return [
        ['body', `400 before the database is authorized: ${excerpt(toText(step.response.text ?? '').trim(), 160)}`],
      ];
    case 'own-store':
      if (step.message === undefined) return [['own store', `meta-addr is empty; ${step.user} is in it`]];
      return [['own store', `meta-addr is empty; ${step.user} is not known here`]];
    case 'subscription':
      return [['subscription', step.message === undefined ? 'token known' : toText(step.message)]];
    case 'target':
      return [['request', `refused by Go's HTTP server (${step.reason})`]];
    case 'method':
      return [['route', `no method ${step.method}`]];
    case 'clean-path':
      return [['route', `the path is not clean: it is ${step.location}`]];
    case 'document':
    case 'verdict':
      return [];
  }
}

const labelWidth = 14;

/** The steps of a trace before its verdict, a line each, as a person reads them. */
export function traceLines(trace: Trace, account: string, { color }: Style): Text[] {
  return trace.flatMap((step) => {
    const mark = step.outcome === 'fail' ? color.red('✖') : color.green('✔');
    return linesOf(step, account).map(([label, text]) => styled` ${mark} ${label.padEnd(labelWidth)} ${text}`);
  });
}

function textOrNull(binary: string | null): string | null {
  return binary === null ? null : toText(binary);
}

/** A step with its bytes as text. */
function shownStep(step: TraceStep): object {
  switch (step.kind) {
    case 'verdict': {
      const { message, user, location } = step;
      return { ...step, message: textOrNull(message), user: textOrNull(user), location: textOrNull(location) };
    }
    case 'lookup':
      return step.error === undefined ? step : { ...step, error: toText(step.error) };
    case 'own-store':
      return step.message === undefined ? step : { ...step, message: toText(step.message) };
    case 'user-store':
    case 'write-body':
      return { ...step, response: JSON.parse(toText(JSON.stringify(step.response))) as object };
    case 'subscription':
      return step.message === undefined ? step : { ...step, message: toText(step.message) };
    default:
      return step;
  }
}

/** The steps of a trace as JSON prints them; secrets in it print as `***`. */
export function traceJson(trace: Trace): readonly object[] {
  return trace.map(shownStep);
}
