import type { Mend } from '../../diagnostics/fix.js';
import type { Severity } from './rule.js';
import { ruleOf, type FindingId } from './rules/table.js';

/** What a finding is about; raw texts, not yet fit for a terminal. Lines and columns count from 1. */
export type Place =
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
  readonly place: Place | undefined;
  /** What follows for the user. */
  readonly consequence: string;
  readonly mends: readonly Mend[];
}

export interface FindingDetails {
  readonly place?: Place | undefined;
  readonly mends?: readonly Mend[];
  /** In place of what the table says. */
  readonly severity?: Severity;
  readonly consequence?: string;
}

/** A finding with what the table knows of it. */
export function finding(id: FindingId, fact: string, details: FindingDetails = {}): Finding {
  const rule = ruleOf(id);
  const { place, mends = [], severity = rule.severity, consequence = rule.consequence } = details;
  return { id, severity, title: rule.title, fact, place, consequence, mends };
}
