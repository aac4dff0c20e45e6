import { describeTrace } from '../../diagnostics/login/trace-lines.js';
import { toText } from '../../go-compat/utf8.js';
import {
  findVerdict,
  type StepOutcome,
  timedOut,
  type Trace,
  tracedMetaRequests,
  type TraceStep,
  type VerdictStep,
} from '../../auth-engine/trace.js';
import { joinBlocks, type Lines, type Style, styled, type Text } from '../style.js';
import type { LiveResponse, LoginCase, LoginReport } from '../../auth-test/report.js';
import type { JunitSuite } from '../formats/junit.js';
import { renderTable } from '../table.js';
import type { View } from '../view.js';

const labelWidth = 14;

function marks(color: Style['color']): Readonly<Record<StepOutcome, Text>> {
  return { pass: color.green('✔'), fail: color.red('✖'), info: color.dim('·') };
}

/** The steps of a trace before its verdict, one line each, for people. */
export function traceLines(trace: Trace, account: string, { color }: Style): Text[] {
  const symbols = marks(color);
  return describeTrace(trace, account).map(
    ({ outcome, label, text }) => styled` ${symbols[outcome]} ${label.padEnd(labelWidth)} ${text}`,
  );
}

function textOrNull(binary: string | null): string | null {
  return binary === null ? null : toText(binary);
}

/** A step with its bytes as text. */
function shownStep(step: TraceStep): object {
  switch (step.kind) {
    case 'verdict': {
      const { message, user, location } = step;
      return { ...step, message: textOrNull(message), user: textOrNull(user), location: textOrNull(location) };
    }
    case 'lookup':
      return step.error === undefined ? step : { ...step, error: toText(step.error) };
    case 'own-store':
      return step.message === undefined ? step : { ...step, message: toText(step.message) };
    case 'user-store':
    case 'write-body':
      return { ...step, response: JSON.parse(toText(JSON.stringify(step.response))) as object };
    case 'subscription':
      return step.message === undefined ? step : { ...step, message: toText(step.message) };
    default:
      return step;
  }
}

/** A request in one line: `5m GET /kapacitor/v1/tasks as johndoe`. */
export function requestName(request: {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly user: string | null;
}): string {
  const { at, method, path, user } = request;
  return `${at} ${method} ${path}${user === null ? '' : ` as ${user}`}`;
}

/** The steps of a trace as JSON prints them; secrets in it print as `***`. */
export function traceJson(trace: Trace): readonly object[] {
  return trace.map(shownStep);
}

function source(report: LoginReport): string {
  if (report.conf !== undefined) return `kapacitor.conf: ${report.conf}`;
  if (report.environment !== undefined) return `variables of ${report.environment}`;
  return `No kapacitor.conf found: assuming ${report.assumed ?? 'nothing'}`;
}

/** A longer body says the same twice: its second half is left out for people. */
const maxBodyLength = 100;

function body(verdict: VerdictStep): string {
  if (verdict.message === null) return verdict.location === null ? '' : `Location: ${toText(verdict.location)}`;
  const message = toText(verdict.message);
  if (verdict.plain) return message;
  const whole = JSON.stringify({ error: message, message });
  return whole.length > maxBodyLength ? `{"error":${JSON.stringify(message)}, ...}` : whole;
}

/** Whether the meta node said what decides. */
function isKnown({ end }: LoginCase): boolean {
  return end === 'done' || end === 'no';
}

/** Kapacitor's response; if the meta node did not respond to us, what it would be. */
function responseText(one: LoginCase): string {
  const verdict = findVerdict(one.trace);
  if (one.unserved !== undefined) {
    const { status, message } = one.unserved;
    return `${status} ${status === 404 ? JSON.stringify({ error: message, message }) : message}`;
  }
  if (verdict.verdict === 'allow') return 'allowed';
  const line = `${verdict.status ?? ''} ${body(verdict)}`.trim();
  if (one.end === 'refused') return 'unknown';
  return isKnown(one) ? line : `if Kapacitor gets the same response: ${line}`;
}

function versionLines({ versionNote }: LiveResponse): string[] {
  return versionNote === null ? [] : [`warning: ${versionNote}`];
}

function reasonLines(reasons: readonly string[]): string[] {
  return reasons.length === 0
    ? []
    : ['The live response differs. Possible reasons:', ...reasons.map((reason) => `  - ${reason}`)];
}

function liveLines(one: LoginCase, { color }: Style): Text[] {
  const { live } = one;
  if (live === undefined) return [];
  const message = live.message ?? '';
  const told = message.startsWith(`${live.status} `) ? message : `${live.status} ${message}`.trim();
  const same = isKnown(one) ? color.green('as predicted') : color.yellow('the prediction is unknown');
  const mark = live.agrees ? same : color.red('differs from the prediction');
  return [
    styled`Kapacitor responded: ${told} (${mark})`,
    ...versionLines(live).map(color.yellow),
    ...reasonLines(live.reasons),
  ];
}

/** Causes that the last line of the trace already shows. */
const shownInTrace: ReadonlySet<string> = new Set(['allowed', 'right-elsewhere', 'wrong-password']);

function explanationLines({ explanation }: LoginCase, { color }: Style): Text[] {
  const fixes = explanation.fixes.map(({ what, command, setting }) => `${what}: ${String(command ?? setting ?? '')}`);
  const why = shownInTrace.has(explanation.cause) ? [] : [`Why: ${explanation.why}`];
  return [
    ...why,
    ...fixes,
    ...explanation.notes,
    ...explanation.warnings.map((warning) => color.yellow(`warning: ${warning}`)),
  ];
}

/** The release of the prediction; that of the live response if its rules are the same. */
function kapacitor({ version, cases }: LoginReport): string {
  const live = cases.find((one) => (one.live?.version ?? null) !== null)?.live;
  if (live !== undefined && live.versionNote === null) return `Kapacitor ${live.version}`;
  return `Kapacitor ${version.name}${version.isAssumed ? ' (assumed)' : ''}`;
}

/** Allowed, and executed. */
function isAllowed({ trace, unserved }: LoginCase): boolean {
  return findVerdict(trace).verdict === 'allow' && unserved === undefined;
}

function caseLines(one: LoginCase, report: LoginReport, style: Style): Lines {
  const { color } = style;
  const time = one.at === '' ? '' : ` at ${one.at}`;
  const header = `Simulated ${kapacitor(report)}:  ${one.method} ${one.path}${time}`;
  const paint = isAllowed(one) ? color.green : color.red;
  const head = `${header}        ${source(report)}`;
  const fits = style.columns === undefined || head.length <= style.columns;
  return [
    ...(fits ? [color.bold(head)] : [color.bold(header), color.bold(source(report))]),
    ...traceLines(one.trace, report.account, style),
    paint(responseText(one)),
    ...explanationLines(one, style),
    ...liveLines(one, style),
  ];
}

function liveWord({ status, agrees }: LiveResponse): string {
  return `${status} ${agrees ? 'agrees' : 'differs'}`;
}

/** Whether the login itself is accepted, whatever the user may do after it. */
function acceptedLine({ cases }: LoginReport, allowed: number): string[] {
  if (!cases.every(isKnown)) return [];
  if (allowed > 0) return [`The login is accepted. For the reason of one row, add its path to --url.`];
  const isIn = cases.some(({ trace }) => findVerdict(trace).status === 403);
  return [isIn ? 'The login is accepted, but no standard endpoint is allowed.' : 'The login is rejected.'];
}

function tableLines(report: LoginReport, style: Style): Lines {
  const [first] = report.cases;
  const isNoCredentials = ({ explanation }: LoginCase): boolean => explanation.cause === 'no-credentials';
  if (first !== undefined && report.cases.every(isNoCredentials)) {
    return [source(report), `${responseText(first)}: no credentials sent. Log in with --user NAME.`];
  }
  const isLive = report.cases.some((one) => one.live !== undefined);
  const rows = report.cases.map((one) => {
    const { verdict, status } = findVerdict(one.trace);
    const ended = isKnown(one) ? verdict : 'unknown';
    const live = isLive ? [one.live === undefined ? 'not sent' : liveWord(one.live)] : [];
    const known = one.unserved?.status ?? status;
    const told =
      one.unserved !== undefined ? String(known) : known === null || !isKnown(one) ? ended : `${ended} ${known}`;
    return [one.method, one.path, one.what ?? '', told, ...live, one.explanation.why];
  });
  const allowed = report.cases.filter(isAllowed).length;
  // For an allowed user, how to allow more is not relevant.
  const fixes = (allowed > 0 ? [] : report.cases).flatMap((one) =>
    one.explanation.fixes.map(({ what, command, setting }) => `${what}: ${String(command ?? setting ?? '')}`),
  );
  const warnings = report.cases.flatMap((one) => one.explanation.warnings.map((warning) => `warning: ${warning}`));
  const reasons = report.cases.flatMap((one) => one.live?.reasons ?? []);
  const columns = ['method', 'path', 'what', 'result', ...(isLive ? ['live'] : []), 'why'];
  const table = renderTable({ columns, rows, prose: ['what', 'why'] }, style);
  const versions = report.cases.flatMap(({ live }) => (live === undefined ? [] : versionLines(live)));
  return [
    `Simulated ${kapacitor(report)}. ${source(report)}`,
    ...table,
    ...acceptedLine(report, allowed),
    ...reasonLines([...new Set(reasons)]),
    ...new Set(fixes),
    ...[...new Set([...versions, ...warnings])].map(style.color.yellow),
  ];
}

function userOf({ trace }: LoginCase): string | null {
  const { user } = findVerdict(trace);
  return user === null ? (trace.findLast((step) => step.kind === 'credentials')?.user ?? null) : toText(user);
}

function timePointOf({ at }: LoginCase): string {
  return at === '' ? '0s' : at;
}

function caseJson(one: LoginCase): object {
  const { verdict, status, message, location } = findVerdict(one.trace);
  return {
    at: timePointOf(one),
    request: { method: one.method, path: one.path },
    user: userOf(one),
    allowed: isKnown(one) ? isAllowed(one) : null,
    verdict: one.unserved === undefined ? verdict : one.unserved.explanation.cause,
    status: one.unserved?.status ?? status,
    message: one.unserved?.message ?? (message === null ? null : toText(message)),
    location: location === null ? null : toText(location),
    known: isKnown(one),
    metaRequests: tracedMetaRequests(one.trace).map(({ method, path, query, auth }) => ({ method, path, query, auth })),
    retriedUntilTimeout: timedOut(one.trace),
    explanation: one.explanation,
    ...(one.live === undefined ? {} : { live: one.live }),
    trace: traceJson(one.trace),
  };
}

/** What is said of a case that ends otherwise than allowed, or otherwise than Kapacitor says: as the exit code has it. */
function failureOf(one: LoginCase): { failure: readonly string[] } | object {
  const { explanation, live } = one;
  if (one.end === 'done' && live?.agrees !== false) return {};
  const differs = live?.agrees === false ? [`Kapacitor responded ${live.status} ${live.message ?? ''}`.trim()] : [];
  return { failure: [responseText(one), explanation.why, ...differs] };
}

function suite({ cases, refusal, liveFailure }: LoginReport): JunitSuite {
  const start = { name: 'Kapacitor starts', ...(refusal === undefined ? {} : { failure: [refusal] }) };
  const requests = cases.map((one, i) => {
    const { method, path, milliseconds } = one;
    const name = `#${i + 1} ${requestName({ at: timePointOf(one), method, path, user: userOf(one) })}`;
    return { name, milliseconds, ...failureOf(one) };
  });
  const live = liveFailure === undefined ? [] : [{ name: 'Kapacitor responds', failure: [liveFailure] }];
  return { name: 'auth test', cases: [start, ...requests, ...live] };
}

/** A login test: each request with its trace from top to bottom, or a table of the standard endpoints. */
export const authTestView: View<LoginReport> = {
  text: (report, style) => {
    if (report.refusal !== undefined) {
      return [
        source(report),
        styled`${style.color.red('Kapacitor does not start with this configuration:')} ${report.refusal}`,
      ];
    }
    if (report.cases.some((one) => one.what !== undefined)) return tableLines(report, style);
    return joinBlocks(report.cases.map((one) => caseLines(one, report, style)));
  },
  json: (report) => ({
    kapacitor: {
      version: report.version.name,
      versionAssumed: report.version.isAssumed,
      configuration: report.conf ?? null,
      environment: report.environment ?? null,
      assumed: report.assumed ?? null,
      starts: report.refusal === undefined,
      startCovers: ['http', 'auth'],
      unreadFiles: report.unreadFiles,
      ...(report.refusal === undefined ? {} : { message: report.refusal }),
    },
    requests: report.cases.map(caseJson),
  }),
  extra: { junit: (report) => [suite(report)] },
};
