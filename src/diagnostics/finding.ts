import { clusterAccessRules, userRules } from './rules/doctor/users.js';
import { certificateRules, kapacitorRules, leaderRules, nodeRules } from './rules/doctor/servers.js';
import { accessRules, cacheRules } from './rules/config/access-and-caches.js';
import { metaRules, tlsRules } from './rules/config/connections.js';
import { nameRules, startRules } from './rules/config/names.js';
import type { ShellCommand } from '../model/shell-command.js';

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

const rows = {
  // What `config check` finds.
  ...startRules,
  ...accessRules,
  ...metaRules,
  ...tlsRules,
  ...cacheRules,
  ...nameRules,
  // What `doctor` finds on the live cluster.
  ...nodeRules,
  ...leaderRules,
  ...certificateRules,
  ...clusterAccessRules,
  ...userRules,
  ...kapacitorRules,
} as const satisfies Readonly<Record<string, FindingRuleText>>;

export type FindingId = keyof typeof rows;

/** Every finding that there is, in the order of docs/findings.md. */
export const rules: ReadonlyMap<string, FindingRule> = new Map(
  Object.entries<FindingRuleText>(rows).map(([id, text]) => [id, { id, ...text }]),
);

export function getRule(id: FindingId): FindingRule {
  return { id, ...rows[id] };
}

/** The rules of one command. */
export function rulesFoundBy(foundBy: FoundBy): readonly FindingRule[] {
  return [...rules.values()].filter((rule) => rule.foundBy === foundBy);
}

/** Something that fixes the cause: a command to paste, or a setting to change, after words that say what it does. */
export interface Fix {
  readonly what: string;
  readonly command?: ShellCommand;
  readonly setting?: string;
}

/** What a finding is about; raw texts, not yet fit for a terminal. Lines and columns count from 1. */
export type FindingLocation =
  | { readonly in: 'file'; readonly file: string; readonly line?: number; readonly column?: number }
  | { readonly in: 'environment'; readonly variable: string; readonly from: string; readonly line?: number }
  | { readonly in: 'node'; readonly url: string }
  | { readonly in: 'cluster'; readonly user?: string; readonly role?: string };

/** One thing that is wrong. The texts are fit for a terminal and hold no secret. */
export interface Finding {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly title: string;
  /** What it rests on. */
  readonly fact: string;
  readonly place: FindingLocation | undefined;
  /** What follows for the user. */
  readonly consequence: string;
  readonly fixes: readonly Fix[];
}

interface FindingDetails {
  readonly place?: FindingLocation | undefined;
  readonly fixes?: readonly Fix[];
  /** Overrides the rule's text. */
  readonly severity?: Severity;
  readonly consequence?: string;
}

/** A finding with what the table knows of it. */
export function finding(id: FindingId, fact: string, details: FindingDetails = {}): Finding {
  const rule = getRule(id);
  const { place, fixes = [], severity = rule.severity, consequence = rule.consequence } = details;
  return { id, severity, title: rule.title, fact, place, consequence, fixes };
}

/** What a command looked at and what it found there. */
export interface FindingsReport {
  readonly foundBy: FoundBy;
  /** What was looked at, such as `kapacitor.conf` and its path; raw texts. */
  readonly subjects: readonly { readonly what: string; readonly name: string }[];
  /** In the order of `sortBySeverity`. */
  readonly findings: readonly Finding[];
  /** The rules that were looked at: those without a finding hold. */
  readonly checked: readonly FindingRule[];
  /** The rules that could not be looked at, with the reason. */
  readonly unchecked: readonly { readonly rule: FindingRule; readonly why: string }[];
  /** What fixes several findings at once. */
  readonly next?: readonly Fix[];
}

/** The name of a subject for people; a flag stands for an environment that was not. */
export function subjectName(name: string): string {
  return name === '--no-env' ? 'not read (--no-env)' : name;
}

/** The worst first; what is equally bad stays in its order. */
export function sortBySeverity(findings: readonly Finding[]): readonly Finding[] {
  return severities.flatMap((severity) => findings.filter((one) => one.severity === severity));
}

/** Whether there is a finding as bad as this severity, or worse. */
export function hasSeverity(findings: readonly Finding[], min: Severity): boolean {
  return findings.some((one) => severities.indexOf(one.severity) <= severities.indexOf(min));
}

function withLine(file: string, { line, column }: { readonly line?: number; readonly column?: number }): string {
  const parts = [line, column].filter((part) => part !== undefined).map((part) => `:${part}`);
  return `${file}${parts.join('')}`;
}

/** Where a finding lies, for people. */
export function locationText(place: FindingLocation): string {
  switch (place.in) {
    case 'file':
      return withLine(place.file, place);
    case 'environment':
      return `${place.variable} of ${withLine(place.from, place.line === undefined ? {} : { line: place.line })}`;
    case 'node':
      return place.url;
    case 'cluster': {
      const parts = [
        place.user === undefined ? '' : `user ${place.user}`,
        place.role === undefined ? '' : `role ${place.role}`,
      ];
      return parts.filter((part) => part !== '').join(', ') || 'the cluster';
    }
  }
}

/** A fix as one string; lines to write follow its text. */
export function fixText({ what, command, setting }: Fix): string {
  const line = command === undefined ? setting : String(command);
  if (line === undefined) return what;
  return line.includes('\n') ? `${what}:\n${line}` : `${what}: ${line}`;
}
