import type { DoctorReport } from '../../diagnostics/doctor/diagnose.js';
import type { Style } from '../style.js';
import { joinBlocks, styled, type Lines } from '../styled.js';
import type { View } from '../view.js';
import { findingBlocks, findingsView, sumLine } from './findings.js';

/** Subjects of one kind on one line. */
function subjectLines({ subjects }: DoctorReport): readonly string[] {
  const kinds = new Map<string, string[]>();
  for (const { what, name } of subjects) kinds.set(what, [...(kinds.get(what) ?? []), name]);
  return [...kinds].map(([what, names]) => `${what}${names.length > 1 ? 's' : ''}: ${names.join(' ')}`);
}

function text(report: DoctorReport, style: Style): Lines {
  const { color } = style;
  const lines = [
    ...report.well.map((line) => styled`${color.green('✔')} ${line}`),
    ...report.open.map(({ what, why }) => color.dim(`? ${what}: not known, ${why}`)),
  ];
  const blocks = findingBlocks(report.findings, style);
  return joinBlocks([subjectLines(report), lines, ...blocks, [sumLine(report, style)]]);
}

function json(report: DoctorReport): unknown {
  return { ...(findingsView.json(report) as object), well: report.well, open: report.open };
}

/** What is well in one line each, then the findings, the worst first. */
export const doctorView: View<DoctorReport> = {
  text,
  json,
  ...(findingsView.extra === undefined ? {} : { extra: findingsView.extra }),
};
