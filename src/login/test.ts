import type { Deps } from '../deps.js';
import { KapadminError, type ErrorKind } from '../errors.js';
import type { DaemonSettings } from '../kapacitor/daemon.js';
import { toText } from '../kapacitor/go/text.js';
import type { Trace } from '../kapacitor/trace.js';
import type { BcryptRequest, MetaRequest } from '../kapacitor/wanted.js';
import { createPlainClient } from '../meta/plain.js';
import { showDuration } from '../model/duration.js';
import { escapeControls } from '../model/text.js';
import type { Role } from '../model/user.js';
import { explain } from '../report/login/explain.js';
import type { KapacitorOptions } from '../settings/kapacitor.js';
import type { Asked } from './asked.js';
import { bcryptDigest } from '../drive/bcrypt.js';
import { curlLine } from './curl.js';
import { judge, worst, type Judged } from './live.js';
import { liveAnswers, type LiveAnswers, type LiveOptions } from './live-answers.js';
import { createLiveMeta } from './meta-live.js';
import type { At } from './moments.js';
import type { LoginCase, LoginReport } from './report.js';
import { secretsOfDaemon, secretsOfRequest } from './secrets.js';
import { loginTarget, type LoginTarget } from './target.js';

export interface LoginOptions {
  readonly kapacitor: KapacitorOptions;
  readonly requests: readonly Asked[];
  readonly moments: readonly At[];
  /** Ask Kapacitor itself, too. */
  readonly live?: LiveOptions | undefined;
}

/** A hash of a higher cost takes seconds or more. */
const quickCost = 13;
const measuredCost = 9;

/** Computes digests; a slow one is announced with the time it takes, and a signal ends it. */
function bcryptOf({ context, notes, status }: Deps): (request: BcryptRequest) => Promise<string> {
  return async (request) => {
    const { cost } = request;
    if (cost <= quickCost) return bcryptDigest(request);
    const began = context.clock.now();
    await bcryptDigest({ ...request, cost: measuredCost });
    const each = Math.max(1, context.clock.now() - began);
    const time = showDuration(Math.ceil((each * 2 ** (cost - measuredCost)) / 1000) * 1e9);
    const spinner = status.take();
    notes.note(`The stored hash has bcrypt cost ${cost}: checking the password takes about ${time}. Ctrl-C stops it.`);
    const work = (): Promise<string> => bcryptDigest(request);
    try {
      return await (context.interruptible?.(work) ?? work());
    } finally {
      spinner?.stop();
    }
  };
}

function accountOf(settings: DaemonSettings): string {
  if (settings.metaSecret !== '') return 'with a bearer token';
  return settings.metaUsername === '' ? 'without credentials' : `as ${escapeControls(toText(settings.metaUsername))}`;
}

/** The cluster's roles, for what a role would give; undefined where they cannot be read. */
async function readRoles(deps: Deps, judged: readonly Judged[]): Promise<readonly Role[] | undefined> {
  const refused = judged.some(({ trace }) =>
    trace.some((step) => step.kind === 'privileges' && step.outcome === 'fail'),
  );
  if (!refused) return undefined;
  try {
    return await (await deps.meta()).roles({ signal: deps.context.stop });
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    deps.notes.debug(`the roles could not be read: ${error.message}`);
    return undefined;
  }
}

/** Each request in a daemon of its own, at all its moments. */
async function judgeLive(options: LoginOptions, target: LoginTarget, deps: Deps, startedAt: number): Promise<Judged[]> {
  const { limits, proxy } = await deps.settings();
  const { clock, stop } = deps.context;
  const client = createPlainClient({ tls: target.tls, proxy, ...limits });
  const observe = (request: MetaRequest, url: string): void => {
    if (deps.flags.showRequest === true) deps.notes.request(curlLine(url, request.authorization !== undefined));
  };
  try {
    const sent = options.requests.flatMap(({ request }) => secretsOfRequest(request));
    const secrets = [...secretsOfDaemon(target.settings), ...sent];
    const meta = createLiveMeta({ client, clock, stop, secrets, observe });
    const tools = { meta, bcrypt: bcryptOf(deps), startedAt };
    const judged: Judged[] = [];
    for (const { request } of options.requests) {
      const moments = options.moments.map(({ now }) => ({ request, now }));
      judged.push(...(await judge(target.settings, moments, tools)));
    }
    return judged;
  } finally {
    await client.close();
  }
}

export interface TestedLogin {
  readonly report: LoginReport;
  readonly end: ErrorKind;
  /** Why Kapacitor itself could not be asked, after what is foreseen. */
  readonly failure: KapadminError | undefined;
  /** The daemon's life that was foreseen, of all moments; undefined where it does not start. */
  readonly life: LivedLogin | undefined;
}

export interface LivedLogin {
  readonly settings: DaemonSettings;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly moments: readonly { readonly now: number; readonly trace: Trace }[];
}

const notAsked: LiveAnswers = { answers: [], failure: undefined };

/**
 * Tests a login live: what the Kapacitor of this configuration answers to the requests, asked of its real meta node with
 * its own account.
 */
export async function testLogin(options: LoginOptions, deps: Deps): Promise<TestedLogin> {
  const target = await loginTarget(options.kapacitor, deps.context, deps.settings);
  const { conf, environment, assumed, refusal, settings } = target;
  const report = { conf, environment, assumed, refusal, account: accountOf(settings) };
  if (refusal !== undefined)
    return { report: { ...report, cases: [] }, end: 'no', failure: undefined, life: undefined };
  const startedAt = deps.context.clock.now();
  const judged = await judgeLive(options, target, deps, startedAt);
  const around = { settings, conf, roles: await readRoles(deps, judged), at: startedAt };
  const traces = judged.map(({ trace }) => trace);
  const live =
    options.live === undefined ? notAsked : await liveAnswers(options.requests, traces, options.live, target, deps);
  const cases = judged.map(({ trace, end }, i): LoginCase => {
    const { method, path, what } = options.requests[Math.floor(i / options.moments.length)]!;
    const at = options.moments[i % options.moments.length]!.text;
    const explanation = explain(trace, around, permissionsBefore(judged, i));
    return { at, method, path, what, trace, explanation, end, live: live.answers[i] };
  });
  const differs = cases.some((one) => one.live?.agrees === false);
  const ends = [...judged.map(({ end }) => end), ...(differs ? ['no' as const] : [])];
  const moments = traces.map((trace, i) => ({ now: options.moments[i % options.moments.length]!.now, trace }));
  return {
    report: { ...report, cases },
    end: worst(ends),
    failure: live.failure,
    life: { settings, startedAt, moments },
  };
}

/** The permissions of the last document that the daemon read up to the i-th request. */
function permissionsBefore(judged: readonly Judged[], i: number): Map<string, readonly string[]> | undefined {
  for (let k = i; k >= 0; k--) {
    const document = judged[k]!.trace.findLast((step) => step.kind === 'document');
    if (document !== undefined)
      return new Map(document.permissions.map(({ scope, permissions }) => [scope, permissions]));
  }
  return undefined;
}
