import { createHash } from 'node:crypto';
import { commandLine } from '../../model/shell-command.js';
import {
  type Finding,
  type FindingLocation,
  type FindingRule,
  type FindingsReport,
  fixText,
  type FoundBy,
  locationText,
  type Severity,
} from '../../diagnostics/finding.js';
import { renderJson } from '../render.js';
import type { ClusterOutcome } from '../view.js';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
const home = 'docs/findings.md';

/** The pages of the products that a finding is about. */
const helpUris: Readonly<Record<FoundBy, string>> = {
  'config check': 'https://docs.influxdata.com/kapacitor/v1/administration/auth/',
  doctor: 'https://docs.influxdata.com/kapacitor/v1/administration/auth/influxdb-enterprise-auth/',
};

/** SARIF calls an info a note. */
const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** GitHub's ranks: critical above 9.0, high from 7.0, medium from 4.0, low below. */
const scores: Readonly<Record<Severity, string>> = { error: '9.1', warning: '6.0', info: '3.0' };
const problems: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'recommendation' };

function propertiesOf({ severity, isSecurity = false }: FindingRule): object {
  return isSecurity
    ? { tags: ['security'], 'security-severity': scores[severity] }
    : { 'problem.severity': problems[severity] };
}

function ruleJson(rule: FindingRule): object {
  const { id, severity, title, cause, consequence, fix, foundBy } = rule;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: `${cause} ${consequence}` },
    help: { text: fix, markdown: `${fix}\n\nSee \`${commandLine('kapadmin explain', [id])}\`, or ${home}.` },
    helpUri: helpUris[foundBy],
    defaultConfiguration: { level: levels[severity] },
    properties: propertiesOf(rule),
  };
}

/** A path as a URI: relative below the base, `file:` elsewhere. */
function uriOf(file: string, base: string): string {
  const isBelow = file.startsWith(`${base}/`);
  const escaped = (isBelow ? file.slice(base.length + 1) : file)
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent);
  return `${isBelow || !file.startsWith('/') ? '' : 'file://'}${escaped.join('/')}`;
}

interface LineRange {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Where a finding lies in a file. Variables of the shell lie in none. */
function lineRangeOf(place: FindingLocation | undefined): LineRange | undefined {
  if (place?.in === 'file') return place;
  if (place?.in !== 'environment' || !place.from.startsWith('/')) return undefined;
  return { file: place.from, ...(place.line === undefined ? {} : { line: place.line }) };
}

function locationOf(place: FindingLocation | undefined, base: string, anchor: string): object {
  const { file, line = 1, column = 1 } = lineRangeOf(place) ?? { file: anchor };
  const region = { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 };
  const logical = place === undefined || place.in === 'file' ? undefined : locationText(place);
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file, base) }, region },
    ...(logical === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: logical }] }),
  };
}

function messageOf({ fact, consequence, fixes }: Finding): string {
  const fixTexts = fixes.map(fixText);
  return [fact, consequence, ...fixTexts].join('\n');
}

/** What a finding is, whatever its line and the folder of this run; not the line itself, which may hold a secret. */
function identityOf({ id, fact, place }: Finding, base: string): string {
  const where = place?.in === 'environment' ? place.variable : place?.in === 'file' ? '' : place && locationText(place);
  return createHash('sha256')
    .update(JSON.stringify([id, where ?? '', fact.replaceAll(`${base}/`, '').replaceAll(/\d+/g, '0')]))
    .digest('hex')
    .slice(0, 16);
}

/** Code scanning matches findings between runs by these; equal identities are numbered. */
function fingerprintsOf(findings: readonly Finding[], base: string): readonly string[] {
  const counts = new Map<string, number>();
  return findings.map((one) => {
    const identity = identityOf(one, base);
    const count = (counts.get(identity) ?? 0) + 1;
    counts.set(identity, count);
    return `${identity}:${count}`;
  });
}

function runJson(report: FindingsReport, base: string, anchor: string): object {
  const rules = [...report.checked, ...report.unchecked.map(({ rule }) => rule)];
  const fingerprints = fingerprintsOf(report.findings, base);
  const results = report.findings.map((one, i) => ({
    ruleId: one.id,
    ruleIndex: rules.findIndex(({ id }) => id === one.id),
    level: levels[one.severity],
    message: { text: messageOf(one) },
    locations: [locationOf(one.place, base, anchor)],
    partialFingerprints: { primaryLocationLineHash: fingerprints[i] },
  }));
  // The part before the last slash is GitHub's category: two files checked in one commit do not replace each other.
  const category = ['kapadmin', report.foundBy.replace(' ', '-'), uriOf(anchor, base)].join('/');
  return {
    tool: toolJson(report.foundBy, rules),
    automationDetails: { id: `${category}/` },
    columnKind: 'utf16CodeUnits',
    results,
  };
}

function toolJson(command: FoundBy, rules: readonly FindingRule[]): object {
  const driver = {
    name: 'kapadmin',
    fullName: ['kapadmin', command].join(' '),
    version: KAPADMIN_VERSION,
    semanticVersion: KAPADMIN_VERSION,
    rules: rules.map(ruleJson),
  };
  return { driver };
}

function logText(runs: readonly object[]): string {
  return `${renderJson({ $schema: schema, version: '2.1.0', runs })}\n`;
}

/**
 * Findings as SARIF 2.1.0, with all that GitHub's code scanning requires: what code scanning reads.
 * @param base the folder below which files are named
 * @param anchor the file that is named for a finding that lies in none
 */
export function renderSarif(report: FindingsReport, base: string, anchor: string): string {
  return logText([runJson(report, base, anchor)]);
}

/** The same with a run for each cluster; a failed one contains the reason instead of results. */
export function renderClustersSarif(
  command: FoundBy,
  outcomes: readonly ClusterOutcome<FindingsReport>[],
  base: string,
  anchor: string,
): string {
  return logText(
    outcomes.map((one) => {
      const automationDetails = { id: ['kapadmin', command, encodeURIComponent(one.profile), ''].join('/') };
      if ('data' in one) return { ...runJson(one.data, base, anchor), automationDetails };
      const toolExecutionNotifications = [{ level: 'error', message: { text: one.error.message } }];
      const invocations = [{ executionSuccessful: false, toolExecutionNotifications }];
      return { tool: toolJson(command, []), automationDetails, invocations, results: [] };
    }),
  );
}
