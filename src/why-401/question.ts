import { KapadminError, type LoginRequest, type LoginResult, type MetaNode, simulateAuth } from '../engine.js';
import { toBinary, toBytes } from '../go-compat/utf8.js';
import { excerpt, showDuration, showName } from '../model/text.js';
import { detectEnvironmentFormat, readEnvironmentLines } from '../kapacitor-config/environment-formats.js';
import { toKapacitorEnvironment } from '../kapacitor-config/fields.js';
import { parseGoDuration } from '../go-compat/duration.js';

/** How the meta node answers `GET /user`. */
export type NodeAnswer =
  { readonly status: number; readonly body: string } | { readonly error: 'connection-refused' | 'timeout' };

/** What the page asks: one login, and perhaps one before it with a change in between. */
export interface LoginQuestion {
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly start: Date;
  readonly request: LoginRequest;
  readonly answer: NodeAnswer;
  /** Whether LDAP accepts the password of a user whose record has no hash. */
  readonly ldap: boolean;
  readonly earlier: EarlierLogin | undefined;
}

/** A login at 0s; at `changedAt` (nanoseconds) the meta node begins to give the other answer. */
export interface EarlierLogin {
  readonly password: string;
  readonly changedAt: number;
  readonly answer: NodeAnswer;
}

export interface SimulatedLogins {
  readonly earlier: LoginResult | undefined;
  readonly result: LoginResult;
}

/** A time from which the verdict is the same, up to the next one. */
export interface Segment extends SimulatedLogins {
  /** Nanoseconds since the earlier login. */
  readonly from: number;
  readonly to: number;
  /** What happens at `from`. */
  readonly event: string;
}

function respond(answer: NodeAnswer) {
  if ('error' in answer) throw new KapadminError('unreachable', answer.error, answer.error);
  return { status: answer.status, body: toBytes(toBinary(answer.body)) };
}

/** The login at a time, in nanoseconds since the earlier one. */
export async function simulateAt(question: LoginQuestion, at: number): Promise<SimulatedLogins> {
  const { config, env, version, start, request, ldap, earlier } = question;
  let { answer } = question;
  const users: MetaNode = {
    get: async (path) => {
      const isUser = path.startsWith('/user');
      return respond(isUser || 'error' in answer ? answer : { status: ldap ? 200 : 401, body: '' });
    },
  };
  const kapacitor = simulateAuth({ config, env, version, start, users });
  if (earlier === undefined) return { earlier: undefined, result: await kapacitor.test(request) };
  const first = await kapacitor.test({ ...request, password: earlier.password });
  if (at >= earlier.changedAt) ({ answer } = earlier);
  return { earlier: first, result: await kapacitor.test({ ...request, at: `${at}ns` }) };
}

const hour = 3600e9;

/** The times at which something may change the verdict, with what it is. */
function eventsOf({ earlier }: LoginQuestion, first: LoginResult | undefined): ReadonlyMap<number, string> {
  const events = new Map([[0, 'the earlier login']]);
  if (earlier === undefined) return events;
  for (const step of first?.trace ?? []) {
    if (step.kind === 'user-cache' && step.expiration > 0) events.set(step.expiration, 'the user record expires');
    if (step.kind === 'password' && step.cachedUntil !== undefined)
      events.set(step.cachedUntil, 'the password cache expires');
  }
  const same = events.get(earlier.changedAt);
  events.set(earlier.changedAt, same === undefined ? 'the record changes' : `${same}, the record changes`);
  return events;
}

/** A round number of nanoseconds, not below this one. */
function roundUp(time: number): number {
  const unit = [60e9, 300e9, 900e9, hour].find((one) => time <= one * 20) ?? 6 * hour;
  return Math.ceil(time / unit) * unit;
}

/** The verdicts of the second login over time: it can differ only after an event, so one simulation each tells all. */
export async function timelineOf(question: LoginQuestion): Promise<readonly Segment[]> {
  const { earlier } = await simulateAt(question, 0);
  const events = eventsOf(question, earlier);
  const times = [...events.keys()].sort((a, b) => a - b);
  const end = roundUp(Math.max(...times, 60e9) * 1.15);
  const segments: Segment[] = [];
  for (const [i, from] of times.entries()) {
    const logins = await simulateAt(question, from);
    segments.push({ ...logins, from, to: times[i + 1] ?? end, event: events.get(from) ?? '' });
  }
  return segments;
}

/** The verdict in few words: `401 authorization failed`. */
export function verdictText({ allowed, status, message, location }: LoginResult): string {
  if (allowed) return 'allowed';
  return `${status ?? ''} ${message ?? (location === null ? '' : `to ${location}`)}`.trim();
}

/** A time since the earlier login: `5m`. */
export function timeText(nanoseconds: number): string {
  return showDuration(nanoseconds);
}

/** What the fields of the page hold, by their ids. */
export type FieldValues = (id: string) => string;

/** Something that the fields hold and that cannot be used. */
export class FieldError extends Error {}

/** What the meta node may answer without a body of its own. */
export const answers: Readonly<Record<string, { readonly label: string; readonly answer: NodeAnswer | undefined }>> = {
  200: { label: '200 and this body', answer: undefined },
  404: { label: '404: no such user', answer: { status: 404, body: '{"error":"user not found"}' } },
  401: { label: "401: rejects Kapacitor's account", answer: { status: 401, body: '{"error":"authorization failed"}' } },
  403: { label: '403: forbidden', answer: { status: 403, body: '' } },
  503: { label: '503: no leader', answer: { status: 503, body: '{"error":"no leader"}' } },
  refused: { label: 'nothing: connection refused', answer: { error: 'connection-refused' } },
  timeout: { label: 'nothing: timeout', answer: { error: 'timeout' } },
};

/** The variables of pasted lines, and what to say of the lines. */
export function readVariables(text: string): { env: Readonly<Record<string, string>>; note: string } {
  const form = detectEnvironmentFormat(text);
  if (form === 'compose') return { env: {}, note: 'A compose file is not read here: paste lines such as NAME=value.' };
  const { variables, others, dropped } = toKapacitorEnvironment(readEnvironmentLines(text, form));
  const ignored = [
    ...[...others.keys()].map((name) => `${showName(name)} is not a variable of the daemon`),
    ...dropped.map(({ name, line }) => `line ${line} does not set ${showName(name)}`),
  ];
  const count = text.trim() === '' ? '' : `${variables.size} read. `;
  return {
    env: Object.fromEntries(variables),
    note: `${count}${ignored.map((one) => `${excerpt(one, 120)}.`).join(' ')}`,
  };
}

/** What to say of a body that is not what `GET /user` returns; the engine reads it all the same. */
export function recordNote(body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return body.trim() === '' ? '' : 'Not JSON: Kapacitor cannot read it.';
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const hasUsers = isObject && Object.keys(value as object).some((key) => key.toLowerCase() === 'users');
  if (!hasUsers) return 'GET /user returns {"users": [...]}: Kapacitor finds no user in this.';
  return body.includes('***') ? 'The hash is masked: paste it as the meta node returns it.' : '';
}

/** Above this cost a page would compute for minutes. */
const maxCost = 15;

function checkCost(body: string): void {
  const costs = Array.from(body.matchAll(/\$2[^$"]?\$(\d\d)\$/g), ([, digits]) => Number(digits));
  const cost = Math.max(...costs, 0);
  if (cost <= maxCost) return;
  throw new FieldError(`The hash has cost ${cost}, which takes minutes here: use kapadmin auth test.`);
}

/** Nanoseconds of a duration such as 5m. */
export function readTime(text: string, what: string): number {
  const { nanoseconds } = parseGoDuration(text.trim());
  if (nanoseconds !== undefined && nanoseconds >= 0n) return Number(nanoseconds);
  throw new FieldError(`${what}: "${excerpt(text, 40)}" is not a duration such as 5m`);
}

/** The question that the fields ask. Throws a FieldError where one cannot be used. */
export function readQuestion(value: FieldValues, start: Date): LoginQuestion {
  if (`${value('config')}${value('env')}`.trim() === '') {
    throw new FieldError('Paste a kapacitor.conf: without one, Kapacitor requires no login.');
  }
  const record = value('record');
  const answer = answers[value('answer')]?.answer ?? { status: 200, body: record };
  const after = value('record-after');
  for (const body of [record, after]) checkCost(body);
  const authorization = value('authorization');
  const account =
    value('user') + value('password') === '' ? {} : { username: value('user'), password: value('password') };
  const headers = authorization === '' ? account : { headers: { authorization } };
  const earlier = {
    password: value('earlier-password') === '' ? value('password') : value('earlier-password'),
    changedAt: value('earlier') === '' ? 0 : readTime(value('changed-at'), 'Change at'),
    answer: after.trim() === '' ? answer : { status: 200, body: after },
  };
  return {
    config: value('config'),
    env: readVariables(value('env')).env,
    version: value('version'),
    start,
    request: { method: value('method'), path: value('path'), ...headers },
    answer,
    ldap: value('ldap') === 'yes',
    earlier: value('earlier') === '' ? undefined : earlier,
  };
}

/** The text of each field by its id; fields that are not named are emptied. */
type Example = Readonly<Record<string, string>>;

const config = `[http]
  auth-enabled = true

[auth]
  enabled = true
  cache-expiration = "10m"
  bcrypt-cost = 10
  meta-addr = "meta1:8091"
  meta-username = "kapacitor"
  meta-password = "changeit"
`;

/** Pa5sw0Rd, and after a change n3w-Pa5sw0Rd; cost 6. */
const oldHash = '$2a$06$kapadmin/why401/oldhae/haAioF95G0duXHTepCA9U7SQyFQdR6';
const newHash = '$2a$06$kapadmin/why401/newhaeucj6jS9A2LdgS5Nm30ddp.T7eH/DwDK';

function record(hash: string, permissions: readonly string[]): string {
  return JSON.stringify({ users: [{ name: 'johndoe', hash, permissions: { '': permissions } }] }, null, 2);
}

const login = { config, path: '/kapacitor/v1/tasks', user: 'johndoe', password: 'Pa5sw0Rd' };

export const examples: Readonly<Record<string, Example>> = {
  password: { ...login, password: 'pa5sw0rd', record: record(oldHash, ['KapacitorAPI']) },
  permission: { ...login, path: '/kapacitor/v1/config', record: record(oldHash, ['KapacitorAPI']) },
  cache: {
    ...login,
    record: record(oldHash, ['KapacitorAPI']),
    earlier: 'yes',
    'changed-at': '2m',
    'record-after': record(newHash, ['KapacitorAPI']),
    at: '30m',
  },
  clear: { path: login.path },
};
