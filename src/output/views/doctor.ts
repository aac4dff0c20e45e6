import { severities, type Severity } from '../../diagnostics/finding.js';
import type { ConformanceAnswer, ConformanceReport } from '../../diagnostics/doctor/facts.js';
import type { DoctorReport } from '../../diagnostics/doctor/diagnose.js';
import { commandLine } from '../../model/shell-command.js';
import { showName } from '../../model/text.js';
import type { JunitSuite } from '../formats/junit.js';
import { joinBlocks, type Lines, type Style, styled } from '../style.js';
import { renderTable } from '../table.js';
import type { ClusterOutcome, View } from '../view.js';
import { clustersJson, failedLines, succeeded } from './several-clusters.js';
import {
  findingBlocks,
  findingsJson,
  type FindingsOutput,
  findingsView,
  junitSuite,
  severityColor,
  sumLine,
} from './findings.js';

/** Subjects of one kind on one line. */
function subjectLines({ subjects }: DoctorReport): readonly string[] {
  const kinds = new Map<string, string[]>();
  for (const { what, name } of subjects) kinds.set(what, [...(kinds.get(what) ?? []), name]);
  return [...kinds].map(([what, names]) => `${what}${names.length > 1 ? 's' : ''}: ${names.join(' ')}`);
}

function doctorText(report: DoctorReport, style: Style): Lines {
  const { color } = style;
  const lines = [
    ...report.ok.map((line) => styled`${color.green('✔')} ${line}`),
    ...report.unknown.map(({ what, why }) => color.dim(`? ${what}: unknown (${why})`)),
  ];
  const blocks = findingBlocks(report.findings, style);
  return joinBlocks([subjectLines(report), lines, ...blocks, [sumLine(report, style)]]);
}

function doctorJson(report: DoctorReport): unknown {
  return { ...(findingsJson(report) as object), ok: report.ok, unknown: report.unknown };
}

/** What is well in one line each, then the findings, the worst first. */
export function doctorView(output: FindingsOutput): View<DoctorReport> {
  return { ...findingsView(output), text: doctorText, json: doctorJson };
}

type Outcomes = readonly ClusterOutcome<DoctorReport>[];

/** The findings of all clusters, the worst first, then the sum of each. */
function clustersText(outcomes: Outcomes, style: Style): Lines {
  const reports = succeeded(outcomes);
  const found = reports.flatMap(({ profile, data }) => data.findings.map((one) => ({ profile, one })));
  const rows = severities.flatMap((severity) =>
    found
      .filter(({ one }) => one.severity === severity)
      .map(({ profile, one }) => [profile, severity, one.id, one.fact]),
  );
  const isSeverity = (cell: string): cell is Severity => (severities as readonly string[]).includes(cell);
  const table = renderTable({ columns: ['cluster', 'severity', 'finding', 'fact'], rows, prose: ['fact'] }, style, {
    paint: (cell) => (isSeverity(cell) ? severityColor(cell, style) : (text) => text),
  });
  const sums = reports.map(({ profile, data }) => {
    const details = commandLine('kapadmin doctor', [], ['--profile', profile]);
    const hint = data.findings.length === 0 ? '' : `; fixes: ${details.toString()}`;
    return styled`${showName(profile)}: ${sumLine(data, style)}${hint}`;
  });
  return joinBlocks([table, [...sums, ...failedLines(outcomes, style)]]);
}

function clustersJunit(outcomes: Outcomes, output: FindingsOutput): readonly JunitSuite[] {
  return outcomes.map((one) => {
    const name = `doctor ${one.profile}`;
    if ('data' in one) return junitSuite(one.data, output, name);
    return { name, cases: [{ name: 'the cluster can be checked', failure: [one.error.message] }] };
  });
}

/** What is wrong with several clusters. */
export function clusterReportsView(output: FindingsOutput): View<Outcomes> {
  return {
    text: clustersText,
    json: (outcomes) => clustersJson(outcomes, doctorView(output).json),
    extra: {
      sarif: async (outcomes) =>
        (await import('../formats/sarif.js')).renderClustersSarif('doctor', outcomes, output.base, output.anchor ?? ''),
      junit: (outcomes) => clustersJunit(outcomes, output),
    },
  };
}

function answerText({ facts, unknown }: ConformanceAnswer): string {
  const known = Object.entries(facts).map(([name, value]) => {
    const words = name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return `${words}: ${typeof value === 'boolean' ? (value ? 'yes' : 'no') : value}`;
  });
  return [...known, ...(unknown === undefined ? [] : [`unknown (${unknown})`])].join(', ');
}

/** The facts by question. */
export const conformanceView: View<ConformanceReport> = {
  text: ({ product, nodes, ldap, answers }, style) => {
    const users = ldap === null ? 'unknown' : ldap ? 'LDAP' : 'local';
    const rows = Object.entries(answers).map(([id, answer]) => [id, answerText(answer)]);
    return joinBlocks([
      [`version ${product ?? 'unknown'}, nodes ${nodes}, users ${users}`],
      renderTable({ columns: ['question', 'answer'], rows, prose: ['answer'] }, style),
    ]);
  },
  json: (report) => report,
};
