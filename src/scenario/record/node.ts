import { attemptTimes } from '../../kapacitor/lookup.js';
import { toText } from '../../kapacitor/go/text.js';
import type { DocumentStep, LookupStep, MetaFact, PasswordStep, Trace } from '../../kapacitor/trace.js';
import { isPasswordRight, stepsOf, type Life } from './life.js';
import { madeUp } from './made-up.js';

/** The password of the user in the documents, and its bcrypt hash of cost 4; both made up. */
export interface UserSecret {
  readonly password: string;
  readonly hash: string;
}

type Value = Readonly<Record<string, unknown>>;

const strangeHashes: Readonly<Record<string, string>> = {
  'too-short': 'made-up',
  'not-bcrypt': 'pbkdf2-made-up'.padEnd(70, 'x'),
  'version-too-new': '$3a$10$'.padEnd(60, 'x'),
  'bad-cost': '$2a$03$'.padEnd(60, 'x'),
  'bad-salt': '$2a$04$'.padEnd(60, '+'),
};

function passwordStep(life: Life): PasswordStep | undefined {
  return stepsOf(life).find((step) => step.kind === 'password' && step.by === 'bcrypt') as PasswordStep | undefined;
}

/** A hash of the same kind. */
function madeUpHash(life: Life, document: DocumentStep, { hash }: UserSecret): string {
  if (document.hash === 'none') return '';
  const { fault, prefix } = passwordStep(life) ?? {};
  const strange = strangeHashes[fault ?? ''] ?? (document.hash === 'other' ? strangeHashes['not-bcrypt'] : undefined);
  if (strange !== undefined) return strange;
  return prefix === undefined ? hash : prefix + hash.slice('$2a$'.length);
}

function permissionsOf(document: DocumentStep): Value {
  return Object.fromEntries(document.permissions.map(({ scope, permissions }) => [scope, permissions]));
}

/** The body that a document came from, its hash made up. */
function documentBody(life: Life, document: DocumentStep, secret: UserSecret): Value {
  const user = {
    name: document.name,
    hash: madeUpHash(life, document, secret),
    permissions: permissionsOf(document),
  };
  return { users: Array.from({ length: document.users }, (_, i) => (document.users === 1 || i > 0 ? user : {})) };
}

/** A body that cannot be read, or does not decode, for the same reason. */
function faultyBody(step: LookupStep): unknown {
  const error = toText(step.error ?? '');
  const permission = /^invalid permission: (.*)$/s.exec(error)?.[1];
  if (permission !== undefined) return { users: [{ name: step.user, permissions: { '': [permission] } }] };
  if (step.cause === 'undecodable') return { users: 'made up' };
  if (error === 'EOF') return '';
  return error.includes("'<'") ? '<html>' : 'not JSON';
}

/**
 * Where a redirect leads, by the scheme that the one node of a scenario speaks, without an account in it and with the
 * password that LDAP is asked about made up.
 */
function madeUpLocation(location: string, scheme: string, password: string): string {
  return location
    .replace(/^https?:/i, `${scheme}:`)
    .replace(/^([a-z]+:)?\/\/[^/?#]*@/i, (part) => part.replace(/\/\/.*@$/s, '//made-up:made-up@'))
    .replace(/([?&]password=)[^&#]*/g, `$1${password}`);
}

function response(step: LookupStep, fact: MetaFact, body: unknown, password: string, scheme: string): Value {
  const { path, status, location, error } = fact;
  if (error !== undefined) return { path, error: error === 'unusable' ? 'refused' : error };
  if (location !== undefined)
    return { path, status, headers: { Location: madeUpLocation(location, scheme, password) } };
  if (status === 200) return { path, body };
  return { path, status, ...(step.error ? { body: { error: toText(step.error) } } : {}) };
}

/**
 * What a lookup's requests were answered, in order, each once; the failure that ended it for good. A driver that gave up
 * after one try stands for all of them: then they are written as often as Kapacitor tries.
 */
function responsesOf(life: Life, step: LookupStep, document: DocumentStep | undefined, secret: UserSecret): Value[] {
  const failed = step.outcome === 'fail';
  const body = failed ? faultyBody(step) : step.purpose === 'ldap' ? '' : undefined;
  const whole = body ?? (document === undefined ? {} : documentBody(life, document, secret));
  const scheme = life.settings.metaUseTls ? 'https' : 'http';
  const once = step.requests.map((fact) => response(step, fact, whole, secret.password, scheme));
  const isChain = failed && step.attempts === 1 && once.length > 1;
  const all = isChain ? attemptTimes.flatMap(() => once) : once;
  return all.map((one, i) => (failed && i === all.length - 1 ? one : { ...one, times: 1 }));
}

/** The password that the user in the documents has; `given` is the request's, made up. */
export function userPassword(life: Life, given: string): string {
  return isPasswordRight(life) ? given : madeUp.rightPassword;
}

/** Whether a node with users and an account gives the same: no redirect, no failure, one user of the name asked for. */
function isPlain(life: Life): boolean {
  return stepsOf(life).every((step) => {
    if (step.kind === 'document') return step.users === 1 && step.name === step.requested;
    if (step.kind !== 'lookup') return true;
    const wrong = step.purpose === 'ldap' && step.cause === 'unauthorized';
    return step.requests.length === 1 && (step.outcome === 'pass' || wrong);
  });
}

function plainNode(life: Life, document: DocumentStep, secret: UserSecret): Value {
  const { metaUsername, metaSecret } = life.settings;
  const credentials = metaUsername !== '' && metaSecret === '' ? { credentials: credentialsOf(life) } : {};
  const { password } = secret;
  const hash = madeUpHash(life, document, secret);
  const kind = document.hash === 'none' ? { ldap: true, password } : hash === secret.hash ? { password } : { hash };
  return { ...credentials, users: [{ name: document.name, ...kind, permissions: permissionsOf(document) }] };
}

function credentialsOf(life: Life): Value {
  const { username, password } = madeUp.account;
  return { username, password: life.settings.metaPassword === '' ? '' : password };
}

export interface RecordedNode {
  /** Of the whole scenario; undefined where nobody is asked. */
  readonly meta: Value | undefined;
  /** What the node holds from each moment on; undefined where that stays as it was. */
  readonly changes: readonly (Value | undefined)[];
}

/** The meta node of a life: users and an account where that gives the same answers, scripted answers else. */
export function recordNode(life: Life, secret: UserSecret): RecordedNode {
  const document = stepsOf(life).find((step) => step.kind === 'document');
  const none = life.moments.map(() => undefined);
  if (document !== undefined && isPlain(life)) return { meta: plainNode(life, document, secret), changes: none };
  const changes = life.moments.map(({ trace }) => scripted(life, trace, secret));
  return { meta: changes.every((change) => change === undefined) ? undefined : { users: [] }, changes };
}

function scripted(life: Life, trace: Trace, secret: UserSecret): Value | undefined {
  const responses = trace.flatMap((step, i) => {
    if (step.kind !== 'lookup') return [];
    const next = trace[i + 1];
    return responsesOf(life, step, next?.kind === 'document' ? next : undefined, secret);
  });
  return responses.length === 0 ? undefined : { responses };
}
