import { toBinary, toText } from '../go-compat/utf8.js';
import { parseUrl } from '../go-compat/url.js';
import { type BcryptEffect, type MetaRequestEffect, type MetaResult, runEngine } from '../auth-engine/effects.js';
import { compareStart, compareStep, type Mismatch, type StepResult } from './expectations.js';
import { type Scenario, type ScenarioNode, scenarioNode, type ScenarioStep } from './scenario.js';
import { Secret } from '../model/secret.js';
import { checkStart, type DaemonFile, metaTlsFiles } from '../kapacitor-config/tls-files.js';
import { readConfiguration } from '../kapacitor-config/read-and-validate.js';
import { type Daemon, startDaemon, toDaemonSettings, unixSeconds } from '../auth-engine/daemon-state.js';
import { configurationDifferences, requestDifferences } from '../auth-engine/decisive-differences.js';
import { handleRequest } from '../auth-engine/handle.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { findVerdict, timedOut, type Trace, tracedMetaRequests } from '../auth-engine/trace.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';
import { readDaemonFile } from '../settings/locate-kapacitor-conf.js';
import type { Context } from '../context.js';
import { bcryptKey } from '../auth-engine/parse-bcrypt.js';

/** Normalized host and port: localhost and an empty host become 127.0.0.1. */
function comparablePlace(scheme: string, host: string): string {
  const [, name = '', port = ''] = /^(.*?)(?::(\d*))?$/s.exec(host.toLowerCase()) ?? [];
  const number = port === '' ? (scheme === 'https' ? 443 : 80) : Number(port);
  return `${name === '' || name === 'localhost' ? '127.0.0.1' : name}:${number}`;
}

/** Why a request does not reach the node; undefined if it does. A redirect always leads to the same node. */
function unreachedResult(
  request: MetaRequestEffect,
  listen: string | undefined,
  spoken: string,
): MetaResult | undefined {
  const url = listen === undefined ? undefined : parseUrl(toBinary(listen), false);
  const { host, scheme } = request;
  if (
    request.redirects === 0 &&
    url !== undefined &&
    comparablePlace(scheme, host) !== comparablePlace(url.scheme, url.host)
  ) {
    return { error: 'refused', text: `dial tcp ${host}: connect: connection refused` };
  }
  if (scheme === (url?.scheme ?? spoken)) return undefined;
  return { error: 'tls', text: 'http: server gave HTTP response to HTTPS client' };
}

const errorTexts = {
  refused: 'connect: connection refused',
  timeout: 'i/o timeout',
  tls: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
} as const;

/**
 * Sends a request to the node of a scenario; no time passes.
 * @param listen its URL; if undefined, it listens at meta-addr, with the scheme `spoken`
 */
export function requestNode(
  node: ScenarioNode,
  listen: string | undefined,
  request: MetaRequestEffect,
  spoken: string = request.scheme,
): MetaResult {
  const stopped = unreachedResult(request, listen, spoken);
  if (stopped !== undefined) return stopped;
  const url = parseUrl(request.url, false)!;
  const headers = request.authorization === undefined ? {} : { authorization: request.authorization };
  const given = node.request({ method: 'GET', path: toText(request.path), query: url.rawQuery, headers, body: '' });
  if ('error' in given) return { error: given.error, text: `dial tcp ${request.host}: ${errorTexts[given.error]}` };
  const { status, headers: sent, body } = given.answer;
  const location = sent.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? '';
  return { status, location: toBinary(location), body: toBinary(body) };
}

export interface PlayedStep extends StepResult {
  readonly at: string;
  readonly request: { readonly method: string; readonly path: string };
  readonly user: string | null;
  readonly trace: Trace;
  readonly mismatches: readonly Mismatch[];
  /** How long playing it took here, in real time. */
  readonly milliseconds: number;
}

export interface PlayedScenario {
  readonly name: string;
  /** The Kapacitor release whose rules applied. */
  readonly version: string;
  /**
   * Whether to print it: the file or the user names it, or something that differs between versions decides. Computed
   * when it is read, since configuration and credentials are evaluated once for every difference.
   */
  readonly isVersionShown: boolean;
  readonly starts: boolean;
  /** Why the daemon does not start. */
  readonly message: string | null;
  /** Null without expectations. */
  readonly passed: boolean | null;
  readonly mismatches: readonly Mismatch[];
  readonly steps: readonly PlayedStep[];
}

/** What playing a scenario needs from outside. */
export interface PlayTools {
  readonly bcrypt: (request: BcryptEffect) => Promise<string>;
  /** A placeholder for a bcrypt hash of cost 4. */
  hash(password: Secret): Secret;
  /** A file that the daemon opens when it starts. */
  file(path: string): Promise<DaemonFile>;
  /** The real time in milliseconds. */
  now(): number;
}

type Started = { readonly daemon: Daemon } | { readonly message: string; readonly inexact?: string | undefined };

async function start(scenario: Scenario, version: KapacitorVersion, tools: PlayTools): Promise<Started> {
  const reading = readConfiguration(scenario.config, scenario.env, version);
  if (!reading.starts) return reading;
  const files = new Map<string, DaemonFile>();
  for (const path of metaTlsFiles(reading.configuration)) files.set(path, await tools.file(path));
  const checked = checkStart(reading.configuration, files);
  if (!checked.starts) return checked;
  return { daemon: startDaemon(toDaemonSettings(reading.configuration), scenario.start, version) };
}

/** The user of a request: the authenticated one, otherwise the name in the credentials. */
function userOf(trace: Trace): string | null {
  const verdict = findVerdict(trace);
  if (verdict.user !== null) return toText(verdict.user);
  const named = trace.findLast((step) => step.kind === 'credentials' || step.kind === 'token');
  return named?.user ?? null;
}

function toPlayed(
  step: ScenarioStep,
  request: { method: string; path: string },
  trace: Trace,
): Omit<PlayedStep, 'milliseconds'> {
  const { verdict, status, message, location } = findVerdict(trace);
  const retried = timedOut(trace);
  const reached = tracedMetaRequests(trace).filter((request) => request.reached);
  const outcome: StepResult = {
    verdict,
    status,
    message: message === null ? null : toText(message),
    location: location === null ? null : toText(location),
    metaRequests: (retried ? reached.slice(0, 1) : reached).map(({ method, path, query, auth }) => ({
      method,
      path,
      query,
      auth,
    })),
    retriedUntilTimeout: retried,
  };
  const mismatches = step.expect === undefined ? [] : compareStep(step.expect, outcome);
  const { method, path } = request;
  return { at: step.at, request: { method, path }, user: userOf(trace), ...outcome, trace, mismatches };
}

function hasPassed(scenario: Scenario, mismatches: readonly Mismatch[], steps: readonly PlayedStep[]): boolean | null {
  const expects = scenario.expect !== undefined || scenario.steps.some((step) => step.expect !== undefined);
  return expects ? mismatches.length === 0 && steps.every((step) => step.mismatches.length === 0) : null;
}

interface PlayedRequest {
  readonly wire: HttpRequest;
  readonly now: number;
  readonly trace: Trace;
}

/** Whether something that differs between versions decides; `daemon` is undefined where it does not start. */
function isVersionDecisive(
  { config, env }: Scenario,
  daemon: Daemon | undefined,
  requests: readonly PlayedRequest[],
  version: KapacitorVersion,
): boolean {
  const asksMeta = requests.some(({ trace }) => trace.some(({ kind }) => kind === 'lookup'));
  if ((daemon === undefined || asksMeta) && configurationDifferences(config, env, version).length > 0) return true;
  return (
    daemon !== undefined &&
    requests.some(({ wire, now, trace }) => {
      const context = { settings: daemon.settings, version, seconds: unixSeconds(daemon, now) };
      return requestDifferences(wire, trace, context).length > 0;
    })
  );
}

/** Plays a scenario in virtual time: hours and timeouts pass instantly. */
export async function playScenario(scenario: Scenario, tools: PlayTools): Promise<PlayedScenario> {
  const { name, version = defaultVersion } = scenario;
  const started = await start(scenario, version, tools);
  const starts = 'daemon' in started;
  const message = starts ? null : started.message;
  const isInexact = !starts && started.inexact !== undefined;
  const steps: PlayedStep[] = [];
  const requests: PlayedRequest[] = [];
  if (starts) {
    const node = scenarioNode(scenario.meta, (password) => tools.hash(password));
    const spoken = started.daemon.settings.metaUseTls ? 'https' : 'http';
    let { listen } = scenario;
    for (const step of scenario.steps) {
      if (step.meta !== undefined) node.replace(step.meta);
      listen = step.listen ?? listen;
      const { request } = step;
      if (request === undefined) continue;
      const began = tools.now();
      const meta = (effect: MetaRequestEffect): MetaResult => requestNode(node, listen, effect, spoken);
      const trace = await runEngine(handleRequest(started.daemon, request.wire, step.now), {
        meta,
        bcrypt: tools.bcrypt,
      });
      steps.push({ ...toPlayed(step, request, trace), milliseconds: tools.now() - began });
      requests.push({ wire: request.wire, now: step.now, trace });
    }
  }
  const expected = scenario.expect ?? (scenario.steps.some((step) => step.expect) ? { starts: true } : undefined);
  const mismatches = expected === undefined ? [] : compareStart(expected, { starts, message, isInexact });
  return {
    name,
    version: version.name,
    get isVersionShown() {
      const daemon = starts ? started.daemon : undefined;
      return scenario.version !== undefined || isVersionDecisive(scenario, daemon, requests, version);
    },
    starts,
    message,
    passed: hasPassed(scenario, mismatches, steps),
    mismatches,
    steps,
  };
}

/** No bcrypt encoder produces this last character of a salt: some of its bits belong to no byte. */
const ownSalt = 'kapadmin/scenario/mark';
const remembered = 10_000;

/** Caches digests: scenarios repeat the same computations. */
function memoized(digest: (request: BcryptEffect) => Promise<string>): (request: BcryptEffect) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (request) => {
    const key = `${request.cost}$${request.salt}${request.key}`;
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= remembered) known.clear();
      value = digest(request);
      known.set(key, value);
    }
    return value;
  };
}

/**
 * The player's own hashes, each with a number instead of a digest. With one salt, equal keys have equal digests, so
 * comparing the numbers gives the same results as bcrypt.
 */
function numberedHashes() {
  const numbers = new Map<string, string>();
  return {
    hash(password: Secret): Secret {
      const key = bcryptKey(toBinary(password.reveal()));
      const number = numbers.get(key) ?? String(numbers.size).padStart(31, '0');
      numbers.set(key, number);
      return new Secret(`$2a$04$${ownSalt}${number}`);
    },
    digest: (key: string): string => numbers.get(key) ?? '',
  };
}

/** The tools of a player: bcrypt for hashes in a scenario, numbers for hashes of its passwords, and real files. */
export function createPlayTools({ files, clock }: Pick<Context, 'files' | 'clock'>): PlayTools {
  const own = numberedHashes();
  const real = memoized(async (request) => (await import('../auth-engine/compute-bcrypt.js')).bcryptDigest(request));
  return {
    bcrypt: async (request) => (request.salt === ownSalt ? own.digest(request.key) : real(request)),
    hash: own.hash,
    file: (file) => readDaemonFile(files, file),
    now: () => clock.now(),
  };
}
