/** An error stops the daemon, locks users out or lets strangers in; a warning may; an info is good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** Severities from the worst on. */
export const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** The command that looks for a finding. */
export type FoundBy = 'config check' | 'doctor';

/** What is known of a kind of finding before any is found; the texts are sentences for people. */
export interface FindingRuleText {
  readonly foundBy: FoundBy;
  /** What the finding has as a rule; a single one may differ. */
  readonly severity: Severity;
  /** Somebody gets at what is not theirs: code scanning ranks it as a vulnerability. */
  readonly isSecurity?: boolean;
  /** What is wrong, without a full stop. */
  readonly title: string;
  /** How it comes about. */
  readonly cause: string;
  /** The fact that shows it. */
  readonly evidence: string;
  /** What follows for the user. */
  readonly consequence: string;
  readonly fix: string;
}

export interface FindingRule extends FindingRuleText {
  /** A stable identifier: `explain` accepts it, reports contain it. */
  readonly id: string;
}
