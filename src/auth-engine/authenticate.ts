import { Secret } from '../model/secret.js';
import { type AuthUser, type Daemon, unixSeconds } from './daemon-state.js';
import { createUserRecordBuffer, decodeUserRecord, type UserRecord, type UserRecordError } from './user-record.js';
import { isLetter, quote } from '../go-compat/strconv.js';
import { decodeRune, toBinary, toText } from '../go-compat/utf8.js';
import { bcryptKey, hashingFault, parseBcryptHash } from './parse-bcrypt.js';
import { lookup } from './meta-lookup.js';
import { compilePrivileges } from './privileges.js';
import type { LookupStep, PasswordStep, TraceStep, UserRecordStep } from './trace.js';
import { type Engine, performBcrypt } from './effects.js';
import type { RuleId } from './rules/registry.js';

/** The user and whether it came from the cache, or why the lookup failed. */
type UserLookup =
  | { readonly ok: true; readonly user: AuthUser; readonly cached: boolean }
  | { readonly ok: false; readonly message: string };

const emptyRecord: UserRecord = { name: '', hash: '', permissions: new Map() };

function toAuthUser(user: UserRecord): AuthUser {
  return {
    name: user.name,
    admin: false,
    hash: { kind: 'record', text: user.hash },
    privileges: compilePrivileges(user.permissions),
  };
}

function userRecordStep(user: UserRecord, count: number, requested: string): UserRecordStep {
  const hash = user.hash === '' ? 'none' : parseBcryptHash(user.hash).ok ? 'bcrypt' : 'other';
  const permissions = [...user.permissions].map(([scope, names]) => ({ scope: toText(scope), permissions: names }));
  const names = { name: toText(user.name), requested: toText(requested) };
  return {
    kind: 'user-record',
    outcome: 'info',
    rule: count === 1 ? '5.0' : '4.one-user',
    users: count,
    hash,
    permissions,
    ...names,
  };
}

/** The message of a bearer lookup that failed (services/auth/service.go, User). */
function lookupMessage(name: string, step: LookupStep): string {
  const prefix = `retrieving user ${toBinary(quote(name))} from InfluxDB Enterprise meta`;
  return `${prefix}: operation timed out with error: ${step.error}`;
}

/**
 * Finds a user by name in the cache or on the meta node. The response is cached under the name that it contains; a
 * response with no user, or with more than one, is cached under "" (services/auth/service.go, User).
 */
export function* findUser(daemon: Daemon, name: string, now: number, steps: TraceStep[]): Engine<UserLookup> {
  const { settings, userCache } = daemon;
  const hit = userCache.get(name, now);
  steps.push({
    kind: 'user-cache',
    outcome: 'info',
    rule: '3.1',
    result: hit !== undefined ? 'hit' : settings.cacheExpiration > 0 ? 'miss' : 'off',
    user: toText(name),
    expiration: Math.max(0, settings.cacheExpiration),
    storedAt: hit?.storedAt,
    isStoreUser: hit?.value.hash.kind === 'made' && hit.value.hash.of === 'store',
  });
  if (hit !== undefined) return { ok: true, user: hit.value, cached: true };
  if (settings.users === 'own-store') {
    const stored = daemon.userStore.get(name);
    const message = `retrieving user ${toBinary(quote(name))} from store: no user exists`;
    const step = { kind: 'own-store', rule: '1.7', user: toText(name) } as const;
    if (stored === undefined) {
      steps.push({ ...step, outcome: 'fail', message, assumes: '1.7.unknown' });
      return { ok: false, message };
    }
    steps.push({ ...step, outcome: 'pass', message: undefined });
    userCache.set(name, stored, now);
    return { ok: true, user: stored, cached: false };
  }
  const buffer = createUserRecordBuffer();
  const accept = (body: string): UserRecordError | undefined => decodeUserRecord(body, buffer);
  const metaLookup = { purpose: 'user', user: name, path: '/user', query: [['name', name]], accept } as const;
  const step = yield* lookup(settings, metaLookup, unixSeconds(daemon, now));
  steps.push(step);
  if (step.outcome === 'fail') return { ok: false, message: lookupMessage(name, step) };
  const record = buffer.length === 1 ? buffer.slots[0]! : emptyRecord;
  steps.push(userRecordStep(record, buffer.length, name));
  const user = toAuthUser(record);
  userCache.set(user.name, user, now);
  return { ok: true, user, cached: false };
}

type PasswordFacts = Omit<PasswordStep, 'kind' | 'outcome' | 'rule' | 'by'>;

const noPasswordFacts: PasswordFacts = {
  prefix: undefined,
  cost: undefined,
  fault: undefined,
  cached: false,
  cachedUntil: undefined,
  hashChecked: true,
};

function passwordStep(
  outcome: 'pass' | 'fail',
  rule: RuleId,
  by: PasswordStep['by'],
  facts: Partial<PasswordFacts>,
): PasswordStep {
  return { kind: 'password', outcome, rule, by, ...noPasswordFacts, ...facts };
}

/** Step 4: compares the password with the hash of the user record, or with a hash that Kapacitor computed. */
function* compareHash(user: AuthUser, password: string, cached: boolean): Engine<PasswordStep> {
  if (user.hash.kind === 'made') {
    const matches = user.hash.key.reveal() === bcryptKey(password);
    return passwordStep(matches ? 'pass' : 'fail', matches ? '3.5' : '3.4', `${user.hash.of}-hash`, {
      cached,
      fault: matches ? undefined : 'mismatch',
    });
  }
  const parts = parseBcryptHash(user.hash.text);
  if (!parts.ok) return passwordStep('fail', '3.4.format', 'bcrypt', { cached, fault: parts.fault });
  const { cost, salt, prefix } = parts;
  const fits = (yield* performBcrypt({ want: 'bcrypt', cost, salt, key: bcryptKey(password) })) === parts.digest;
  const facts = { cached, cost, prefix: toText(prefix), fault: fits ? undefined : ('mismatch' as const) };
  return passwordStep(fits ? 'pass' : 'fail', fits ? '3.5' : '3.4', 'bcrypt', facts);
}

/** Step 2: LDAP. The meta node checks the password, then Kapacitor hashes it. */
function* authenticateLdap(
  daemon: Daemon,
  name: string,
  password: string,
  now: number,
  steps: TraceStep[],
): Engine<boolean> {
  const query = [
    ['name', name],
    ['password', password],
    ['permission', 'NoPermissions'],
    ['resource', '_'],
  ] as const;
  const metaLookup = { purpose: 'ldap', user: name, path: '/authorized', query, accept: () => undefined } as const;
  const step = yield* lookup(daemon.settings, metaLookup, unixSeconds(daemon, now));
  steps.push(step);
  if (step.outcome === 'fail') return false;
  const fault = hashingFault(password, daemon.settings.bcryptCost, daemon.version);
  if (fault !== undefined) {
    const rule = fault === 'too-long' ? '3.2.long' : '3.2.cost';
    steps.push(passwordStep('fail', rule, 'ldap', { fault, cost: daemon.settings.bcryptCost }));
  }
  return fault === undefined;
}

/**
 * Authenticates a name and password (services/auth/service.go, Authenticate). Returns undefined on any failure. Strings
 * are binary, `now` is in nanoseconds since the daemon started.
 */
export function* authenticateUser(
  daemon: Daemon,
  name: string,
  password: string,
  now: number,
  steps: TraceStep[],
): Engine<AuthUser | undefined> {
  const { userCache, passwordCache } = daemon;
  const found = yield* findUser(daemon, name, now, steps);
  if (!found.ok) return undefined;
  let { user } = found;
  const cachedPassword = passwordCache.get(name, now);
  if (user.hash.kind === 'record' && user.hash.text === '') {
    if (!(yield* authenticateLdap(daemon, name, password, now, steps))) return undefined;
    user = { ...user, hash: { kind: 'made', of: 'ldap', key: new Secret(bcryptKey(password)) } };
    userCache.set(user.name, user, now);
  } else if (cachedPassword?.value.reveal() === password) {
    const facts = { cached: found.cached, cachedUntil: cachedPassword.expires, hashChecked: false };
    steps.push(passwordStep('pass', '3.3', 'password-cache', facts));
    return user;
  }
  const step = yield* compareHash(user, password, found.cached);
  if (step.outcome === 'fail') {
    steps.push(step);
    userCache.delete(name);
    return undefined;
  }
  const entry = passwordCache.set(name, new Secret(password), now);
  steps.push({ ...step, cachedUntil: entry.expires });
  return user;
}

type Identity = { readonly ok: true; readonly user: AuthUser } | { readonly ok: false; readonly message: string };

/**
 * Kapacitor's `^[-\._\p{L}0-9@]+$` (services/auth/service.go, validUsername); a byte that is not UTF-8 never matches.
 */
export function isUsername(binary: string): boolean {
  for (let at = 0; at < binary.length;) {
    const rune = decodeRune(binary, at);
    const matches = /[-._0-9@]/.test(String.fromCodePoint(rune.codePoint)) || isLetter(rune.codePoint);
    if (rune.invalid || !matches) return false;
    at += rune.width;
  }
  return binary !== '';
}

/**
 * Finds the user of a subscription token, in the user cache under `_sub:TOKEN` only: Kapacitor's own store is unknown
 * here (services/auth/service.go, SubscriptionUser). The token is binary.
 */
export function checkSubscription(daemon: Daemon, token: string, now: number, steps: TraceStep[]): Identity {
  const step = { kind: 'subscription', rule: '2.5' } as const;
  if (!isUsername(token)) {
    const message = `token must be a valid username: ${toBinary(quote(token))}`;
    steps.push({ ...step, outcome: 'fail', message });
    return { ok: false, message };
  }
  const cached = daemon.userCache.get(`_sub:${token}`, now);
  if (cached === undefined) {
    const message = 'invalid subscription token';
    steps.push({ ...step, outcome: 'fail', message, assumes: '2.5.unknown' });
    return { ok: false, message };
  }
  steps.push({ ...step, outcome: 'pass', message: undefined });
  return { ok: true, user: cached.value };
}
