import type { Finding } from '../report/findings/finding.js';
import type { FindingsReport } from '../report/findings/report.js';
import type { Rule } from '../report/findings/rule.js';
import { placeText } from './findings-place.js';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
const home = 'docs/findings.md';

function ruleJson({ id, severity, title, cause, consequence, mend }: Rule): object {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: `${cause} ${consequence}` },
    help: { text: mend, markdown: `${mend}\n\nSee \`kapadmin explain ${id}\`, or ${home}.` },
    defaultConfiguration: { level: severity },
  };
}

/** A path as a relative or `file:` URI, each byte that a URI does not allow escaped. */
function uriOf(file: string): string {
  const escaped = file.split('/').map(encodeURIComponent).join('/');
  return file.startsWith('/') ? `file://${escaped}` : escaped;
}

function locationsOf({ place }: Finding): object {
  if (place === undefined) return {};
  const logical = [{ fullyQualifiedName: placeText(place) }];
  if (place.in !== 'file') return { locations: [{ logicalLocations: logical }] };
  const region = { startLine: place.line, ...(place.column === undefined ? {} : { startColumn: place.column }) };
  const physicalLocation = {
    artifactLocation: { uri: uriOf(place.file) },
    ...(place.line === undefined ? {} : { region }),
  };
  return { locations: [{ physicalLocation }] };
}

function messageOf({ fact, consequence, mends }: Finding): string {
  const told = mends.map(({ what, command, setting }) => `${what}: ${command ?? setting ?? ''}`);
  return [fact, consequence, ...told].join('\n');
}

/** Findings as SARIF 2.1.0: what code scanning reads. */
export function renderSarif(report: FindingsReport): string {
  const rules = [...report.checked, ...report.unchecked.map(({ rule }) => rule)];
  const results = report.findings.map((one) => ({
    ruleId: one.id,
    ruleIndex: rules.findIndex(({ id }) => id === one.id),
    level: one.severity,
    message: { text: messageOf(one) },
    ...locationsOf(one),
  }));
  const driver = { name: 'kapadmin', fullName: `kapadmin ${report.foundBy}`, rules: rules.map(ruleJson) };
  const log = {
    $schema: schema,
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
