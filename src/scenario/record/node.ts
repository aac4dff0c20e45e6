import { attemptTimes } from '../../auth-engine/lookup.js';
import { toText } from '../../go-compat/utf8.js';
import type { DocumentStep, LookupStep, MetaFact, Trace } from '../../auth-engine/trace.js';
import { stepsOf, type Life } from './life.js';

/** What stands in place of the user's password, and its bcrypt hash of cost 4. */
export interface UserSecret {
  readonly password: string;
  readonly hash: string;
}

type Value = Readonly<Record<string, unknown>>;

const strangeHashes: Readonly<Record<string, string>> = {
  'too-short': 'placeholder',
  'not-bcrypt': 'pbkdf2-placeholder'.padEnd(70, 'x'),
  'version-too-new': '$3a$10$'.padEnd(60, 'x'),
  'bad-cost': '$2a$03$'.padEnd(60, 'x'),
  'bad-salt': '$2a$04$'.padEnd(60, '+'),
};

/** A hash that is judged as the one in the user record was. */
function replaceHash(life: Life, document: DocumentStep, { hash }: UserSecret): string {
  if (document.hash === 'none') return '';
  const checked = stepsOf(life).find((step) => step.kind === 'password' && step.by === 'bcrypt');
  const { fault = document.hash === 'other' ? 'not-bcrypt' : '', prefix = '$2a$' } =
    checked?.kind === 'password' ? checked : {};
  return strangeHashes[fault] ?? prefix + hash.slice('$2a$'.length);
}

/** The body that a user record came from, its hash replaced. */
function recordBody(life: Life, document: DocumentStep, secret: UserSecret): Value {
  const permissions = Object.fromEntries(document.permissions.map((one) => [one.scope, one.permissions]));
  const user = { name: document.name, hash: replaceHash(life, document, secret), permissions };
  return { users: Array.from({ length: document.users }, (_, i) => (document.users === 1 || i > 0 ? user : {})) };
}

/** A body that does not decode, or cannot be read, for the same reason. */
function faultyBody(step: LookupStep): unknown {
  const permission = /^invalid permission: (.*)$/s.exec(toText(step.error ?? ''))?.[1];
  if (permission !== undefined) return { users: [{ name: step.user, permissions: { '': [permission] } }] };
  return step.cause === 'undecodable' ? { users: 'placeholder' } : 'not JSON';
}

/** Where a redirect leads, by the scheme that the one node of a scenario speaks, without account and password. */
function replaceLocation(location: string, scheme: string, password: string): string {
  return location
    .replace(/^https?:/i, `${scheme}:`)
    .replace(/^([a-z]+:)?\/\/[^/?#]*@/i, (part) => part.replace(/\/\/.*@$/s, '//user:placeholder@'))
    .replace(/([?&]password=)[^&#]*/g, `$1${password}`);
}

function response(step: LookupStep, fact: MetaFact, body: unknown, password: string, scheme: string): Value {
  const { path, status, location, error } = fact;
  if (error !== undefined) return { path, error: error === 'unusable' ? 'refused' : error };
  if (location !== undefined) {
    return { path, status, headers: { Location: replaceLocation(location, scheme, password) } };
  }
  if (status === 200) return { path, body };
  return { path, status, ...(step.error ? { body: { error: toText(step.error) } } : {}) };
}

/**
 * The responses to a lookup's requests, in order, each once, and for good the failure that ended it. A driver that gave
 * up after one try stands for all of them: then they are written as often as Kapacitor tries.
 */
function lookupResponses(life: Life, step: LookupStep, next: Trace[number] | undefined, secret: UserSecret): Value[] {
  const failed = step.outcome === 'fail';
  const record = next?.kind === 'document' ? recordBody(life, next, secret) : {};
  const body = failed ? faultyBody(step) : step.purpose === 'ldap' ? '' : record;
  const scheme = life.settings.metaUseTls ? 'https' : 'http';
  const once = step.requests.map((fact) => response(step, fact, body, secret.password, scheme));
  const isChain = failed && step.attempts === 1 && once.length > 1;
  const all = isChain ? attemptTimes.flatMap(() => once) : once;
  return all.map((one, i) => (failed && i === all.length - 1 ? one : { ...one, times: 1 }));
}

/** What the meta node responds at one moment, in order. */
export function recordResponses(life: Life, trace: Trace, secret: UserSecret): Value[] {
  return trace.flatMap((step, i) => (step.kind === 'lookup' ? lookupResponses(life, step, trace[i + 1], secret) : []));
}
