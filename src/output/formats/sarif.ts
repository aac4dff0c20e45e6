import { commandLine } from '../../model/shell-command.js';
import type { Finding, FindingsReport, FindingLocation } from '../../diagnostics/finding.js';
import type { FindingRule, Severity } from '../../diagnostics/rules/rule.js';
import { renderJson } from './json.js';
import { fixText, locationText } from '../views/finding-text.js';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
const home = 'docs/findings.md';

/** SARIF calls an info a note. */
const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

function ruleJson({ id, severity, title, cause, consequence, fix }: FindingRule): object {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: `${cause} ${consequence}` },
    help: { text: fix, markdown: `${fix}\n\nSee \`${commandLine('kapadmin explain', [id])}\`, or ${home}.` },
    defaultConfiguration: { level: levels[severity] },
  };
}

/** A path as a URI: relative below the base, `file:` elsewhere. */
function uriOf(file: string, base = ''): string {
  const isBelow = base !== '' && file.startsWith(`${base}/`);
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

function lineRangeOf(place: FindingLocation): LineRange | undefined {
  if (place.in === 'file') return place;
  if (place.in !== 'environment' || place.line === undefined) return undefined;
  return { file: place.from, line: place.line };
}

function locationOf(place: FindingLocation, base: string | undefined): object {
  const lines = lineRangeOf(place);
  const logicalLocations = [{ fullyQualifiedName: locationText(place) }];
  if (lines === undefined) return { logicalLocations };
  const { file, line, column } = lines;
  const region = { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file, base) }, ...(line === undefined ? {} : { region }) },
    ...(place.in === 'file' ? {} : { logicalLocations }),
  };
}

function messageOf({ fact, consequence, fixes }: Finding): string {
  const told = fixes.map(fixText);
  return [fact, consequence, ...told].join('\n');
}

/** Findings as SARIF 2.1.0: what code scanning reads. */
export function renderSarif(report: FindingsReport): string {
  const rules = [...report.checked, ...report.unchecked.map(({ rule }) => rule)];
  const results = report.findings.map((one) => ({
    ruleId: one.id,
    ruleIndex: rules.findIndex(({ id }) => id === one.id),
    level: levels[one.severity],
    message: { text: messageOf(one) },
    ...(one.place === undefined ? {} : { locations: [locationOf(one.place, report.base)] }),
  }));
  const driver = {
    name: 'kapadmin',
    fullName: ['kapadmin', report.foundBy].join(' '),
    version: KAPADMIN_VERSION,
    rules: rules.map(ruleJson),
  };
  const log = {
    $schema: schema,
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${renderJson(log)}\n`;
}
