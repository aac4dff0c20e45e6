import type { Mend } from '../../diagnostics/fix.js';
import type { Finding } from './finding.js';
import { severities, type FoundBy, type Rule, type Severity } from './rule.js';

/** What a command looked at and what it found there. */
export interface FindingsReport {
  readonly foundBy: FoundBy;
  /** What was looked at, such as `kapacitor.conf` and its path; raw texts. */
  readonly subjects: readonly { readonly what: string; readonly name: string }[];
  /** In the order of `inOrder`. */
  readonly findings: readonly Finding[];
  /** The rules that were looked at: those without a finding hold. */
  readonly checked: readonly Rule[];
  /** The rules that could not be looked at, with the reason. */
  readonly unchecked: readonly { readonly rule: Rule; readonly why: string }[];
  /** What mends several findings at once. */
  readonly next?: readonly Mend[];
  /** The folder below which the files of a SARIF log are named. */
  readonly base?: string;
}

/** The worst first; what is equally bad stays in its order. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return severities.flatMap((severity) => findings.filter((one) => one.severity === severity));
}

/** Whether there is a finding as bad as this severity, or worse. */
export function reaches(findings: readonly Finding[], least: Severity): boolean {
  return findings.some((one) => severities.indexOf(one.severity) <= severities.indexOf(least));
}
