import { KapadminError, type LoginRequest, type LoginResult, type MetaNode, simulateAuth } from '../engine.js';
import { toBytes, toBinary } from '../go-compat/utf8.js';
import { showDuration } from '../model/text.js';

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
