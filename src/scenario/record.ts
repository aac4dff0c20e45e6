import { attemptTimes } from '../auth-engine/meta-lookup.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import {
  type UserRecordStep,
  type LookupStep,
  type TracedMetaRequest,
  timedOut,
  type Trace,
  findVerdict,
} from '../auth-engine/trace.js';
import {
  configurationText,
  type RecordedSession,
  type ObservedResponse,
  recordRequest,
  allSteps,
  userPassword,
} from './replace-secrets.js';
import { formatGoDuration } from '../go-compat/duration.js';
import { bcryptKey } from '../auth-engine/parse-bcrypt.js';
import { KapadminError, usageError } from '../errors.js';
import { parseScenario } from './load.js';
import { playScenario, type PlayedStep, type PlayTools } from './play.js';

/** The replacement of the user's password, and its bcrypt hash of cost 4. */
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

/** A hash with the same result as that of the user record. */
function replaceHash(session: RecordedSession, userRecord: UserRecordStep, { hash }: UserSecret): string {
  if (userRecord.hash === 'none') return '';
  const checked = allSteps(session).find((step) => step.kind === 'password' && step.by === 'bcrypt');
  const { fault = userRecord.hash === 'other' ? 'not-bcrypt' : '', prefix = '$2a$' } =
    checked?.kind === 'password' ? checked : {};
  return strangeHashes[fault] ?? prefix + hash.slice('$2a$'.length);
}

/** The response body of a user record, with its hash replaced. */
function recordBody(session: RecordedSession, userRecord: UserRecordStep, secret: UserSecret): Value {
  const permissions = Object.fromEntries(userRecord.permissions.map((one) => [one.scope, one.permissions]));
  const user = { name: userRecord.name, hash: replaceHash(session, userRecord, secret), permissions };
  return { users: Array.from({ length: userRecord.users }, (_, i) => (userRecord.users === 1 || i > 0 ? user : {})) };
}

/** A body that cannot be decoded or parsed for the same reason. */
function faultyBody(step: LookupStep): unknown {
  const permission = /^invalid permission: (.*)$/s.exec(toText(step.error ?? ''))?.[1];
  if (permission !== undefined) return { users: [{ name: step.user, permissions: { '': [permission] } }] };
  return step.cause === 'undecodable' ? { users: 'placeholder' } : 'not JSON';
}

/** The target of a redirect, with the scheme of the scenario's node, without credentials. */
function replaceLocation(location: string, scheme: string, password: string): string {
  return location
    .replace(/^https?:/i, `${scheme}:`)
    .replace(/^([a-z]+:)?\/\/[^/?#]*@/i, (part) => part.replace(/\/\/.*@$/s, '//user:placeholder@'))
    .replace(/([?&]password=)[^&#]*/g, `$1${password}`);
}

function response(
  step: LookupStep,
  request: TracedMetaRequest,
  body: unknown,
  password: string,
  scheme: string,
): Value {
  const { path, status, location, error } = request;
  if (error !== undefined) return { path, error: error === 'unusable' ? 'refused' : error };
  if (location !== undefined) {
    return { path, status, headers: { Location: replaceLocation(location, scheme, password) } };
  }
  if (status === 200) return { path, body };
  return { path, status, ...(step.error ? { body: { error: toText(step.error) } } : {}) };
}

/**
 * The responses to the requests of a lookup, in order: each once, and a final failure for good. If kapadmin stopped
 * after one attempt, they are repeated as often as Kapacitor retries.
 */
function lookupResponses(
  session: RecordedSession,
  step: LookupStep,
  next: Trace[number] | undefined,
  secret: UserSecret,
): Value[] {
  const failed = step.outcome === 'fail';
  const record = next?.kind === 'user-record' ? recordBody(session, next, secret) : {};
  const body = failed ? faultyBody(step) : step.purpose === 'ldap' ? '' : record;
  const scheme = session.settings.metaUseTls ? 'https' : 'http';
  const once = step.requests.map((request) => response(step, request, body, secret.password, scheme));
  const isChain = failed && step.attempts === 1 && once.length > 1;
  const all = isChain ? attemptTimes.flatMap(() => once) : once;
  return all.map((one, i) => (failed && i === all.length - 1 ? one : { ...one, times: 1 }));
}

/** The responses of the meta node at one time point, in order. */
function recordResponses(session: RecordedSession, trace: Trace, secret: UserSecret): Value[] {
  return trace.flatMap((step, i) =>
    step.kind === 'lookup' ? lookupResponses(session, step, trace[i + 1], secret) : [],
  );
}

/** Kapacitor's response as an expectation, which the replay of the prediction does not meet. */
function observedExpectation({ status, message, location }: ObservedResponse, predicted: PlayedStep): Value {
  if (status === 401 || status === 403) {
    const isCut = message?.endsWith('…') === true;
    return { verdict: 'deny', status, ...(isCut ? { messageStarts: message.slice(0, -1) } : { message }) };
  }
  if (location !== null && status < 400) return { verdict: 'redirect', status, location };
  return predicted.verdict === 'allow' ? { status } : { verdict: 'allow', status: null };
}

function expectation(played: PlayedStep, observed: ObservedResponse | undefined): Value {
  const { verdict, status, message, location } = played;
  return observed === undefined ? { verdict, status, message, location } : observedExpectation(observed, played);
}

const salt = 'abcdefghijklmnopqrstuu';

/** A bcrypt hash that every Kapacitor accepts, with a low cost. */
async function hashOf(password: string, tools: PlayTools): Promise<string> {
  const key = bcryptKey(toBinary(password));
  return `$2a$04$${salt}${await tools.bcrypt({ want: 'bcrypt', cost: 4, salt, key })}`;
}

function isSame(step: PlayedStep | undefined, { trace }: RecordedSession['timePoints'][number]): boolean {
  const { verdict, status } = findVerdict(trace);
  return step?.verdict === verdict && step.status === status && step.retriedUntilTimeout === timedOut(trace);
}

/**
 * The scenario that replays a session: version, request and responses of the meta node with all secrets replaced. It
 * expects the predicted results, or Kapacitor's own response if that was observed. Throws if the replay does not
 * reproduce the prediction.
 */
export async function recordScenario(name: string, session: RecordedSession, tools: PlayTools): Promise<Value> {
  const { request, password: sent } = recordRequest(session);
  const password = userPassword(session, sent);
  const secret = { password, hash: await hashOf(password, tools) };
  const steps = session.timePoints.map(({ now, trace }) => {
    const responses = recordResponses(session, trace, secret);
    return { at: formatGoDuration(now), ...(responses.length === 0 ? {} : { meta: { responses } }), request };
  });
  const scenario = {
    name,
    version: session.version.name,
    start: new Date(session.startedAt).toISOString(),
    kapacitor: { config: configurationText(session.settings) },
  };
  const read = await parseScenario({ ...scenario, steps }, name, () => Promise.reject(new Error('no file')));
  const played = (await playScenario(read, tools)).steps;
  if (!session.timePoints.every((timePoint, i) => isSame(played[i], timePoint))) {
    throw new KapadminError('bug', 'record-differs', 'the recorded scenario does not reproduce the login', {
      hint: 'Nothing was written. Please report this request and its trace (-o json).',
    });
  }
  return {
    ...scenario,
    steps: steps.map((step, i) => ({ ...step, expect: expectation(played[i]!, session.observed) })),
  };
}

const forms: ReadonlyMap<string, 'json' | 'yaml'> = new Map([
  ['json', 'json'],
  ['yaml', 'yaml'],
  ['yml', 'yaml'],
]);

/** The format of a file by its extension. Throws a usage error for any other extension. */
export function recordingFormat(file: string): 'json' | 'yaml' {
  const form = forms.get(/\.([^./]+)$/.exec(file)?.[1]?.toLowerCase() ?? '');
  if (form !== undefined) return form;
  throw usageError('bad-record', `--record: "${file}" must end in .yaml, .yml or .json`);
}

/** The file content of a recorded scenario. */
export async function scenarioText(value: unknown, form: 'json' | 'yaml'): Promise<string> {
  if (form === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  const { stringify } = await import('yaml');
  return `# Recorded by kapadmin auth test. Passwords, hashes, tokens and accounts are placeholders.\n${stringify(value)}`;
}
