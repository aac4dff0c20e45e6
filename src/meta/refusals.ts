import type { ErrorKind } from '../errors.js';
import { cannot, type Asked } from './asked.js';
import type { Account } from './event.js';
import { MetaError } from './errors.js';
import { shownBody } from './shown.js';
import type { Answer } from './transport/exchange.js';

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
