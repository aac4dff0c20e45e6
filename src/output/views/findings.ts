import {
  type Finding,
  type FindingsReport,
  type Fix,
  fixText,
  hasSeverity,
  locationText,
  severities,
  type Severity,
  subjectName,
} from '../../diagnostics/finding.js';
import type { JunitCase, JunitSuite } from '../formats/junit.js';
import { joinBlocks, type Lines, type Style, styled, type Styled, type Text } from '../style.js';
import { pluralize } from '../../model/text.js';
import type { View } from '../view.js';
import type { DoctorReport } from '../../diagnostics/doctor/diagnose.js';

function counted(severity: Severity, count: number): string {
  return `${count} ${severity}${count === 1 || severity === 'info' ? '' : 's'}`;
}

export function severityColor(severity: Severity, { color }: Style): (text: Text) => Styled {
  return { error: color.red, warning: color.yellow, info: color.cyan }[severity];
}

function headLine({ severity, title, id }: Finding, style: Style): Text {
  const { color } = style;
  return styled`${severityColor(severity, style)(severity)}: ${color.bold(title)}  ${color.dim(id)}`;
}

function factLines({ place, fact }: Finding): string[] {
  return [...(place === undefined ? [] : [`  at ${locationText(place)}`]), `  ${fact}`];
}

/** A fix on its line; lines to write follow its text. */
function fixLines(fixes: readonly Fix[], { color }: Style, indent = '  '): Text[] {
  return fixes.flatMap(({ what, command, setting }): Text[] => {
    const lines = command === undefined ? (setting ?? '').split('\n') : [String(command)];
    const [first = ''] = lines;
    if (lines.length > 1) return [`${indent}${what}:`, ...lines.map((line) => styled`${indent}  ${color.bold(line)}`)];
    return [first === '' ? `${indent}${what}` : styled`${indent}${what}: ${color.bold(first)}`];
  });
}

function findingLines(one: Finding, style: Style): Text[] {
  return [headLine(one, style), ...factLines(one), `  ${one.consequence}`, ...fixLines(one.fixes, style)];
}

function kindsOf(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  const kinds = new Map<string, Finding[]>();
  for (const one of findings) {
    const kind = `${one.severity} ${one.id} ${one.consequence}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  return [...kinds.values()];
}

/** Several findings of one kind under one head, each with its fact and fixes. */
function kindLines(kind: readonly Finding[], style: Style): Lines {
  const [first, ...more] = kind;
  if (first === undefined) return [];
  if (more.length === 0) return findingLines(first, style);
  const facts = kind.flatMap((one) => [...factLines(one), ...fixLines(one.fixes, style, '    ')]);
  return [headLine(first, style), ...facts, `  ${first.consequence}`];
}

/** The findings as blocks of lines, those of one kind together. */
export function findingBlocks(findings: readonly Finding[], style: Style): readonly Lines[] {
  return kindsOf(findings).map((kind) => kindLines(kind, style));
}

const maxUncheckedNames = 3;

/** What could not be checked, by the reason. */
function uncheckedLines({ unchecked }: FindingsReport): Lines {
  const reasons = [...new Set(unchecked.map(({ why }) => why))];
  return reasons.map((reason) => {
    const ids = unchecked.filter(({ why }) => why === reason).map(({ rule }) => rule.id);
    return ids.length > maxUncheckedNames
      ? `${ids.length} other checks were not made: ${reason}. To list them: -o json`
      : `Not checked, because ${reason}: ${ids.join(', ')}`;
  });
}

export function sumLine(
  { findings, unknown = [] }: FindingsReport & Partial<Pick<DoctorReport, 'unknown'>>,
  { color }: Style,
): Text {
  if (findings.length === 0) {
    const { length } = unknown;
    if (length === 0) return color.green('No problems found.');
    return `No problems found; ${pluralize(length, 'point')} ${length === 1 ? 'is' : 'are'} unknown.`;
  }
  const counts = severities.map(
    (severity) => [severity, findings.filter((one) => one.severity === severity).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(severity, count))
    .join(', ');
}

function text(report: FindingsReport, style: Style): Lines {
  const subjects = report.subjects.map(({ what, name }) => `${what}: ${subjectName(name)}`);
  const blocks = findingBlocks(report.findings, style);
  const end = [sumLine(report, style), ...fixLines(report.next ?? [], style, '')];
  return joinBlocks([subjects, ...blocks, uncheckedLines(report), end]);
}

export function findingsJson(report: FindingsReport): unknown {
  const count = (severity: Severity): number => report.findings.filter((one) => one.severity === severity).length;
  return {
    command: report.foundBy,
    subjects: report.subjects,
    findings: report.findings.map(({ place, ...one }) => ({ ...one, place: place ?? null })),
    counts: { error: count('error'), warning: count('warning'), info: count('info') },
    unchecked: report.unchecked.map(({ rule, why }) => ({ id: rule.id, why })),
    next: report.next ?? [],
  };
}

function failureOf(one: Finding): readonly string[] {
  const lines = one.fixes.map(fixText);
  const where = one.place === undefined ? [] : [`at ${locationText(one.place)}`];
  return [`${one.severity}: ${one.fact}`, ...where, one.consequence, ...lines];
}

/** How findings are printed beside the report itself. */
export interface FindingsOutput {
  /** The severity from which on a finding is a failure, in a JUnit report as in the exit code. */
  readonly failOn: Severity;
  /** The folder below which files are named in a SARIF log. */
  readonly base: string;
  /** The file in which a SARIF log shows findings that lie in none; there is one where SARIF is printed. */
  readonly anchor: string | undefined;
  /** How long it took to find them. */
  readonly milliseconds?: number;
}

/** A case for each rule: it fails for findings as severe as `failOn`, and lists less severe ones. */
export function junitSuite(
  report: FindingsReport,
  { failOn, milliseconds }: FindingsOutput,
  suite: string = report.foundBy,
): JunitSuite {
  const rules = [...report.checked, ...report.unchecked.map(({ rule }) => rule)];
  const unchecked = new Map(report.unchecked.map(({ rule, why }) => [rule.id, why]));
  const cases = rules.map(({ id, title }): JunitCase => {
    const name = `${id}: ${title}`;
    const found = report.findings.filter((one) => one.id === id);
    const why = unchecked.get(id);
    if (found.length === 0) return why === undefined ? { name } : { name, skipped: true, output: [why] };
    const lines = found.flatMap((one, i) => [...(i === 0 ? [] : ['']), ...failureOf(one)]);
    return hasSeverity(found, failOn) ? { name, failure: lines } : { name, output: lines };
  });
  return { name: suite, cases, ...(milliseconds === undefined ? {} : { milliseconds }) };
}

/** Findings with what they rest on, what follows and how to fix them. */
export function findingsView(output: FindingsOutput): View<FindingsReport> {
  return {
    text,
    json: findingsJson,
    extra: {
      sarif: async (report) =>
        (await import('../formats/sarif.js')).renderSarif(report, output.base, output.anchor ?? ''),
      junit: (report) => [junitSuite(report, output)],
    },
  };
}
