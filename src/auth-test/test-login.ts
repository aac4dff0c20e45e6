import { configFields, type Configuration } from '../kapacitor-config/fields.js';
import { type ErrorKind, KapadminError } from '../errors.js';
import { type Daemon, type DaemonSettings, unixSeconds } from '../auth-engine/daemon-state.js';
import type { Trace } from '../auth-engine/trace.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';
import type { BcryptEffect, MetaRequestEffect } from '../auth-engine/effects.js';
import { createLiveMeta, type EvaluatedRequest, evaluateRequest, worstEnd } from './live-meta-node.js';
import { secretsOfDaemon, secretsOfRequest, type TestRequest, type TimePoint, withDatabase } from './requests.js';
import type { Factory } from '../cli/factory.js';
import { requestDifferences } from '../auth-engine/decisive-differences.js';
import { toText } from '../go-compat/utf8.js';
import { createRawClient } from '../meta/client.js';
import { showDuration } from '../model/text.js';
import type { Role } from '../model/user.js';
import { unusedDatabaseName } from '../access-matrix/decide-access.js';
import { explainTrace } from '../diagnostics/login/explain.js';
import {
  type CauseId,
  endpointNote,
  type ExplainContext,
  explainSplitUserName,
  explainUnserved,
  type Explanation,
  splitUserNameNote,
  versionNote,
} from '../diagnostics/login/explanation.js';
import { curlLine } from '../settings/request-as-curl.js';
import { configCheckCommand, type KapacitorConfOptions } from '../settings/locate-kapacitor-conf.js';
import { warnUnverified } from '../settings/credentials.js';
import { bcryptDigest } from '../auth-engine/compute-bcrypt.js';
import { collectLiveResponses, type LiveOptions, type LiveResponses } from './live-kapacitor.js';
import { type LiveResponse, type LoginCase, type LoginReport, withCacheFix } from './report.js';
import { readSimulatedKapacitor, type SimulatedKapacitor, type UnreadFile } from './simulated-kapacitor.js';

export interface LoginOptions {
  readonly kapacitor: KapacitorConfOptions;
  readonly requests: readonly TestRequest[];
  readonly timePoints: readonly TimePoint[];
  /** Also send the requests to Kapacitor. */
  readonly live?: LiveOptions | undefined;
}

/** A higher cost takes seconds or more. */
const maxSilentCost = 13;
const sampleCost = 9;

/** Computes each digest once; a slow one is announced with its estimated time, and a signal cancels it. */
function bcryptOf({ context, logger, status }: Factory): (request: BcryptEffect) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  const compute = async (request: BcryptEffect): Promise<string> => {
    const { cost } = request;
    if (cost <= maxSilentCost) return bcryptDigest(request);
    const began = context.clock.now();
    await bcryptDigest({ ...request, cost: sampleCost });
    const each = Math.max(1, context.clock.now() - began);
    const time = showDuration(Math.ceil((each * 2 ** (cost - sampleCost)) / 1000) * 1e9);
    const spinner = status.acquire();
    const work = (): Promise<string> => {
      // Only now does Ctrl-C end the process by itself: before, its handler would wait for the digest.
      logger.flush();
      logger.progress(
        `The stored hash has bcrypt cost ${cost}: checking the password takes about ${time}. Kapacitor does the same work for each login that its password cache does not have. Press Ctrl-C to cancel.`,
      );
      return bcryptDigest(request);
    };
    try {
      return await (context.interruptible?.(work) ?? work());
    } finally {
      spinner?.stop();
    }
  };
  return (request) => {
    const key = `${request.cost} ${request.salt} ${request.key}`;
    const found = known.get(key) ?? compute(request);
    known.set(key, found);
    return found;
  };
}

function accountOf(settings: DaemonSettings): string {
  if (settings.metaSecret !== '') return 'with a bearer token';
  return settings.metaUsername === '' ? 'without credentials' : `as ${toText(settings.metaUsername)}`;
}

/** The cluster's roles, to explain what a role would grant; undefined if they cannot be read. */
async function readRoles(factory: Factory, tried: readonly EvaluatedCase[]): Promise<readonly Role[] | undefined> {
  const refused = tried.some(({ trace }) =>
    trace.some((step) => step.kind === 'privileges' && step.outcome === 'fail'),
  );
  if (!refused) return undefined;
  try {
    return await (await factory.metaClient()).roles({ signal: factory.context.stop });
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    factory.logger.debug(`cannot read the roles: ${error.message}`);
    return undefined;
  }
}

/** One request at one time point, evaluated. */
interface EvaluatedCase extends EvaluatedRequest {
  readonly testRequest: TestRequest;
  readonly at: TimePoint;
}

/** The permissions of the last user record that the daemon read. */
function lastPermissions(tried: readonly EvaluatedRequest[]): Map<string, readonly string[]> | undefined {
  const record = tried.flatMap(({ trace }) => trace.filter((step) => step.kind === 'user-record')).at(-1);
  return record && new Map(record.permissions.map(({ scope, permissions }) => [scope, permissions]));
}

/** The writes that a write without a database expands to: Kapacitor itself only responds 400 to that. */
function databaseWrites(testRequest: TestRequest, evaluated: readonly EvaluatedRequest[]): readonly TestRequest[] {
  const lacksDatabase = evaluated.some(({ trace }) =>
    trace.some((step) => step.kind === 'database' && step.decidedBy === 'no-database'),
  );
  if (testRequest.what === undefined || !lacksDatabase) return [];
  const named = [...(lastPermissions(evaluated) ?? new Map<string, unknown>()).keys()]
    .filter((scope) => scope !== '')
    .sort();
  return [
    ...named.map((database) => withDatabase(testRequest, database, `write points to database ${database}`)),
    {
      ...withDatabase(testRequest, unusedDatabaseName(named), 'write points to any other database'),
      isAnyDatabase: true,
    },
  ];
}

/** Evaluates each request in its own daemon, at all time points. */
async function evaluateAll(
  options: LoginOptions,
  target: SimulatedKapacitor,
  factory: Factory,
  startedAt: number,
): Promise<EvaluatedCase[]> {
  const { limits, proxy } = await factory.networkSettings();
  const { clock, stop } = factory.context;
  const client = createRawClient({ tls: target.tls, proxy, ...limits });
  let isWarned = false;
  const observe = (request: MetaRequestEffect, url: string): void => {
    if (!isWarned) warnUnverified([new URL(url).origin], target.tls, factory.logger);
    isWarned = true;
    const kind = request.authorization === undefined ? 'none' : 'other';
    if (factory.flags.showRequest === true) factory.logger.request(curlLine({ url, account: { kind } }));
  };
  try {
    const sent = options.requests.flatMap(({ request }) => secretsOfRequest(request));
    const secrets = [...secretsOfDaemon(target.settings), ...sent];
    const meta = createLiveMeta({ client, clock, stop, secrets, observe });
    const tools = { meta, bcrypt: bcryptOf(factory), startedAt, version: options.kapacitor.version, clock };
    const timePoints = options.timePoints.map(({ now }) => now);
    const tried: EvaluatedCase[] = [];
    for (const testRequest of options.requests) {
      const evaluated = await evaluateRequest(target.settings, testRequest.request, timePoints, tools);
      tried.push(...evaluated.map((one, i) => ({ ...one, testRequest, at: options.timePoints[i]! })));
      for (const write of databaseWrites(testRequest, evaluated)) {
        const decided = await evaluateRequest(target.settings, write.request, timePoints, tools);
        tried.push(...decided.map((one, i) => ({ ...one, testRequest: write, at: options.timePoints[i]! })));
      }
    }
    return tried;
  } finally {
    await client.close();
  }
}

/** Causes that concern the user that Kapacitor looked up. */
const aboutUser: ReadonlySet<CauseId> = new Set(['unknown-user', 'wrong-password', 'hash-not-bcrypt', 'ldap-refused']);

/** An explanation without commands for a user or database that was not meant. */
function explainOf({ cutName, isAnyDatabase }: TestRequest, baseExplanation: Explanation): Explanation {
  if (cutName !== undefined) {
    if (aboutUser.has(baseExplanation.cause))
      return { ...explainSplitUserName(cutName), warnings: baseExplanation.warnings };
    return { ...baseExplanation, notes: [splitUserNameNote(cutName), ...baseExplanation.notes] };
  }
  return isAnyDatabase === true ? { ...baseExplanation, fixes: [] } : baseExplanation;
}

/** How Kapacitor versions differ in what decided a request. */
function versionNotes(
  { testRequest, at, trace }: EvaluatedCase,
  { settings, differences }: SimulatedKapacitor,
  daemon: Pick<Daemon, 'startedAt' | 'version'>,
): string[] {
  const asksMeta = trace.some((step) => step.kind === 'lookup');
  const seconds = unixSeconds(daemon, at.now);
  const { version } = daemon;
  const ids = requestDifferences(testRequest.request, trace, { settings, version, seconds });
  return [...ids, ...(asksMeta ? differences : [])].map((id) => versionNote(id, version));
}

/** The report of one request, the last of `before`. */
function caseOf(
  before: readonly EvaluatedCase[],
  explainContext: ExplainContext,
  live: LiveResponse | undefined,
  versions: readonly string[],
): LoginCase {
  const { testRequest, at, trace, end, milliseconds } = before.at(-1)!;
  const { method, path, what } = testRequest;
  const predicted = explainOf(testRequest, explainTrace(trace, explainContext, lastPermissions(before)));
  const baseExplanation = withCacheFix(predicted, trace, live);
  const unserved = explainUnserved(testRequest.request, trace);
  const explanation =
    unserved === undefined
      ? {
          ...baseExplanation,
          notes: [...baseExplanation.notes, ...endpointNote(testRequest.request, trace), ...versions],
        }
      : { ...unserved.explanation, warnings: baseExplanation.warnings };
  // The write without a database is replaced by the writes to each database, which are reported separately.
  const isNo = unserved !== undefined && what === undefined;
  const isOpen = explanation.cause === 'meta-refuses-connection';
  const ended = isOpen ? 'refused' : isNo ? 'no' : end;
  return { at: at.text, method, path, what, trace, explanation, unserved, end: ended, live, milliseconds };
}

export interface LoginTestResult {
  readonly report: LoginReport;
  readonly end: ErrorKind;
  /** Why Kapacitor could not be reached, after the prediction. */
  readonly failure: KapadminError | undefined;
  /** The simulated session, at all time points; undefined if the daemon does not start. */
  readonly session: LoginSession | undefined;
}

export interface LoginSession {
  readonly settings: DaemonSettings;
  readonly version: KapacitorVersion;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly timePoints: readonly { readonly now: number; readonly trace: Trace }[];
  /** Kapacitor's response, if it differs from the prediction. */
  readonly observed: LiveResponse | undefined;
}

function unreadText({ key, path, why }: UnreadFile): string {
  return `${key} "${path}" was not checked: ${why} (on this machine, for this account). Kapacitor does not start if it cannot read the file either.`;
}

/** The keys of [auth] that are set by variables, so that a fix edits the right place. */
function variablesOf({ configuration, environment }: SimulatedKapacitor): ExplainContext['variables'] {
  if (configuration === undefined || environment === undefined) return undefined;
  const set = Object.entries(configuration.auth).flatMap(([name, { origin }]) =>
    origin.from === 'environment'
      ? [[configFields.auth[name as keyof Configuration['auth']].key, origin.name] as const]
      : [],
  );
  return { from: environment, byKey: new Map(set) };
}

const noLiveResponses: LiveResponses = { responses: [], failure: undefined };

/**
 * Tests a login live: how the Kapacitor of this configuration responds to the requests, given the responses of its real
 * meta node to its own account.
 */
export async function testLogin(options: LoginOptions, factory: Factory): Promise<LoginTestResult> {
  const target = await readSimulatedKapacitor(options.kapacitor, factory.context, factory.settings);
  const { conf, environment, assumed, refusal, settings, unreadFiles, otherFault } = target;
  const named = options.kapacitor.version;
  const version = { name: (named ?? defaultVersion).name, isAssumed: named === undefined };
  const report = { version, conf, environment, assumed, refusal, unreadFiles, account: accountOf(settings) };
  for (const warning of target.warnings) factory.logger.warn(warning);
  for (const file of unreadFiles) factory.logger.warn(unreadText(file));
  if (otherFault !== undefined) {
    factory.logger.warn(
      `Kapacitor would not start with this file. Its message: "${otherFault}" The test assumes that it starts.`,
    );
  }
  if (refusal !== undefined) {
    factory.logger.info(`To see how to fix it: ${configCheckCommand(conf, options.kapacitor)}`);
    return {
      report: { ...report, cases: [], liveFailure: undefined },
      end: 'no',
      failure: undefined,
      session: undefined,
    };
  }
  const startedAt = factory.context.clock.now();
  const tried = await evaluateAll(options, target, factory, startedAt);
  const explainContext = {
    settings,
    conf,
    variables: variablesOf(target),
    isAssumed: assumed !== undefined,
    roles: await readRoles(factory, tried),
    at: startedAt,
    version: named ?? defaultVersion,
  };
  const { live: how } = options;
  const live =
    how === undefined
      ? noLiveResponses
      : await collectLiveResponses(tried, { ...how, version: named }, target, factory);
  const daemon = { startedAt, version: named ?? defaultVersion };
  const cases = tried.map((one, i) => {
    const versions = versionNotes(one, target, daemon);
    return caseOf(tried.slice(0, i + 1), explainContext, live.responses[i], versions);
  });
  const differs = cases.some((one) => one.live?.agrees === false);
  const ends = [...cases.map(({ end }) => end), ...(differs ? ['no' as const] : [])];
  const timePoints = tried.map(({ at: { now }, trace }) => ({ now, trace }));
  return {
    report: { ...report, cases, liveFailure: live.failure?.message },
    end: worstEnd(ends),
    failure: live.failure,
    session: {
      settings,
      version: daemon.version,
      startedAt,
      timePoints,
      observed: cases.find((one) => one.live?.agrees === false)?.live,
    },
  };
}
