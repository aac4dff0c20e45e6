import { escapeControls } from '../../model/text.js';
import type { Finding } from '../../report/findings/finding.js';
import type { FindingsReport } from '../../report/findings/report.js';
import type { Severity } from '../../report/findings/rule.js';
import { placeText } from '../findings-place.js';
import { renderJunit, type JunitCase } from '../junit.js';
import { renderSarif } from '../sarif.js';
import type { Style } from '../style.js';
import type { View } from '../view.js';

const severities: readonly Severity[] = ['error', 'warning', 'note'];

function heading(severity: Severity, count: number): string {
  const word = severity.charAt(0).toUpperCase() + severity.slice(1);
  return count === 1 ? `1 ${word.toLowerCase()}` : `${count} ${word.toLowerCase()}s`;
}

function paintOf(severity: Severity, { color }: Style): (text: string) => string {
  return { error: color.red, warning: color.yellow, note: color.cyan }[severity];
}

function findingLines(one: Finding, style: Style): string[] {
  const { color } = style;
  const paint = paintOf(one.severity, style);
  return [
    `${paint(one.severity)}: ${color.bold(one.title)}  ${color.dim(one.id)}`,
    ...(one.place === undefined ? [] : [`  at ${placeText(one.place)}`]),
    `  ${one.fact}`,
    `  ${one.consequence}`,
    ...one.mends.map(({ what, command, setting }) => `  ${what}: ${color.bold(command ?? setting ?? '')}`),
  ];
}

function sumLine({ findings }: FindingsReport, { color }: Style): string {
  if (findings.length === 0) return color.green('Nothing is wrong.');
  const counts = severities.map(
    (severity) => [severity, findings.filter((one) => one.severity === severity).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => heading(severity, count))
    .join(', ');
}

function text(report: FindingsReport, style: Style): string {
  const subjects = report.subjects.map(({ what, name }) => `${what}: ${escapeControls(name)}`);
  const blocks = report.findings.map((one) => findingLines(one, style).join('\n'));
  const unchecked = report.unchecked.map(({ rule, why }) => `not checked: ${rule.title}  ${rule.id}: ${why}`);
  const parts = [subjects.join('\n'), ...blocks, unchecked.join('\n'), sumLine(report, style)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function json(report: FindingsReport): unknown {
  const count = (severity: Severity): number => report.findings.filter((one) => one.severity === severity).length;
  return {
    command: report.foundBy,
    subjects: report.subjects,
    findings: report.findings.map(({ place, ...one }) => ({ ...one, place: place ?? null })),
    counts: { error: count('error'), warning: count('warning'), note: count('note') },
    unchecked: report.unchecked.map(({ rule, why }) => ({ id: rule.id, why })),
  };
}

function failureOf(one: Finding): string {
  const lines = one.mends.map(({ what, command, setting }) => `${what}: ${command ?? setting ?? ''}`);
  const where = one.place === undefined ? [] : [`at ${placeText(one.place)}`];
  return [`${one.severity}: ${one.fact}`, ...where, one.consequence, ...lines].join('\n');
}

/** A case for each rule: it fails where something of an error or a warning was found. */
function junit(report: FindingsReport): string {
  const cases = report.checked.map(({ id, title }): JunitCase => {
    const found = report.findings.filter((one) => one.id === id && one.severity !== 'note');
    const name = `${id}: ${title}`;
    return found.length === 0 ? { name } : { name, failure: found.map(failureOf).join('\n\n') };
  });
  const skipped = report.unchecked.map(({ rule }): JunitCase => ({ name: `${rule.id}: ${rule.title}`, skipped: true }));
  return renderJunit([{ name: report.foundBy, cases: [...cases, ...skipped] }]);
}

/** Findings with what they rest on, what follows and what mends them. */
export const findingsView: View<FindingsReport> = { text, json, extra: { sarif: renderSarif, junit } };
