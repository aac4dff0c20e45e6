import { isUtf8 } from 'node:buffer';
import { type Asked, cannot, MetaError } from './errors.js';
import { shownBody } from './redact.js';
import type { Answer } from './transport/exchange.js';
import { WrongShape } from './wire.js';
import type { ErrorKind } from '../errors.js';
import type { Account } from './api.js';

const deepest = 64;

/** An answer of a good status that cannot be read: its error shows what came. */
function unreadable(answer: Answer, asked: Asked, code: string, why: string, hint?: string): MetaError {
  const shown = shownBody(answer.body, asked.secrets);
  const came = shown === '' ? 'an empty body' : shown;
  return new MetaError('server', code, `${cannot(asked)}: ${answer.status}, ${why}: ${came}`, {
    method: asked.method,
    url: asked.url,
    fate: asked.write ? 'unknown' : 'answered',
    status: answer.status,
    serverText: shown,
    hint,
  });
}

function decoded(answer: Answer, asked: Asked): string {
  const { body } = answer;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isUtf8(bytes)) throw unreadable(answer, asked, 'not-json', 'but the body is not UTF-8');
  if (deeperThan(bytes, deepest)) throw unreadable(answer, asked, 'wrong-shape', 'but the JSON is nested too deeply');
  const text = bytes.toString('utf8');
  if (/^\s*</.test(text)) {
    const hint = 'check --meta-url: is there a proxy or a web page in place of the meta node?';
    throw unreadable(answer, asked, 'html', 'but the body is HTML', hint);
  }
  return text;
}

function parseJson(answer: Answer, asked: Asked): unknown {
  const text = decoded(answer, asked);
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(answer, asked, 'not-json', 'but the body is not JSON');
  }
}

/** Refuses every answer but one of the status that is wanted. */
export function expectStatus(answer: Answer, asked: Asked, ...wanted: readonly number[]): void {
  if (!wanted.includes(answer.status)) throw refusalError(answer, asked);
}

/** The value of a 200 answer, read by one of the parsers of wire.ts. Throws a MetaError for any other answer. */
export function readJson<T>(answer: Answer, asked: Asked, parse: (value: unknown) => T): T {
  expectStatus(answer, asked, 200);
  const value = parseJson(answer, asked);
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof WrongShape)) throw error;
    throw unreadable(answer, asked, 'wrong-shape', `but not the answer of a meta node (${error.message})`);
  }
}

/** A write is done when the answer is 200; its body is empty. A page or an error text under 200 is not believed. */
export function expectDone(answer: Answer, asked: Asked): void {
  expectStatus(answer, asked, 200);
  if (answer.body.length === 0) return;
  const value = parseJson(answer, asked);
  if (typeof value === 'object' && value !== null && Reflect.has(value, 'error')) {
    throw unreadable(answer, asked, 'wrong-shape', 'but with an error');
  }
}

interface Refusal {
  readonly status: (status: number) => boolean;
  readonly text?: RegExp;
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint?: (account: Account) => string;
}

const is = (wanted: number) => (status: number) => status === wanted;
const client = (status: number) => status >= 400 && status < 500;

function missingHint(account: Account): string {
  return account.kind === 'none'
    ? 'name an account: --meta-username NAME and --meta-password-file FILE, or --meta-secret-file FILE'
    : `the node could not read the ${account.kind} credentials that were sent: does it take this kind?`;
}

function wrongHint(account: Account): string {
  if (account.kind === 'bearer') return "check the shared secret and the user name, and this machine's clock";
  return account.kind === 'basic' ? 'check --meta-username and its password' : missingHint(account);
}

/** What the texts of a meta node mean, first match first. */
const refusals: readonly Refusal[] = [
  { status: is(503), text: /no leader/i, kind: 'unreachable', code: 'no-leader', hint: () => 'see influxd-ctl show' },
  {
    status: client,
    text: /\bldap\b/i,
    kind: 'server',
    code: 'ldap-refused',
    hint: () => 'users come from LDAP: give rights to a role, and map a group to it in ldap.toml (influxd-ctl ldap)',
  },
  {
    status: client,
    text: /must create admin user first/i,
    kind: 'server',
    code: 'no-admin-user',
    hint: () => 'make the first user: kapadmin bootstrap NAME',
  },
  {
    status: is(401),
    text: /unable to parse authentication credentials/i,
    kind: 'refused',
    code: 'credentials-missing',
    hint: missingHint,
  },
  { status: is(401), kind: 'refused', code: 'credentials-refused', hint: wrongHint },
  {
    status: is(403),
    kind: 'refused',
    code: 'forbidden',
    hint: () => 'the account in use needs more rights: users and roles take CreateUserAndRole',
  },
  { status: is(404), text: /user not found/i, kind: 'not-found', code: 'user-not-found' },
  { status: is(404), text: /role not found/i, kind: 'not-found', code: 'role-not-found' },
  { status: client, text: /user already exists/i, kind: 'exists', code: 'user-exists' },
  { status: client, text: /role already exists/i, kind: 'exists', code: 'role-exists' },
  {
    status: is(404),
    kind: 'server',
    code: 'not-a-meta-node',
    hint: () => 'is this a meta node? They listen on port 8091',
  },
  { status: client, kind: 'server', code: 'request-refused' },
  { status: (status) => status >= 500, kind: 'server', code: 'server-error' },
  {
    status: (status) => status >= 300 && status < 400,
    kind: 'server',
    code: 'unexpected-redirect',
    hint: () => 'only 307 leads to the leader; is there a proxy or a login page before the meta node?',
  },
];

const other = { kind: 'server', code: 'unexpected-status', hint: undefined } as const;

/** The text of `{"error": ...}`; undefined for another body. */
function errorField(body: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'error') : undefined;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

const largestError = 64 * 1024;

/** The error of an answer whose status is not the one that was wanted. */
export function refusalError(answer: Answer, asked: Asked): MetaError {
  const said = answer.body.length > largestError ? undefined : errorField(answer.body);
  const shown = shownBody(said === undefined ? answer.body : Buffer.from(said), asked.secrets, 200);
  const row = refusals.find(({ status, text }) => status(answer.status) && (text?.test(said ?? '') ?? true)) ?? other;
  const location = answer.header('location');
  const where = location === undefined ? '' : ` to ${shownBody(Buffer.from(location), asked.secrets)}`;
  const undone = answer.status < 500 || row.code === 'no-leader';
  return new MetaError(row.kind, row.code, `${cannot(asked)}: ${answer.status}${where} ${shown}`.trimEnd(), {
    method: asked.method,
    url: asked.url,
    fate: undone || !asked.write ? 'answered' : 'unknown',
    status: answer.status,
    serverText: shown,
    hint: row.hint?.(asked.account),
  });
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether arrays and objects of a JSON text lie deeper in each other than `limit`. JSON.parse takes 40 bytes of memory
 * for each level, so 64 MiB of brackets would cost gigabytes.
 */
export function deeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at++;
      while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth++;
      if (depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) {
      depth--;
    }
  }
  return false;
}
