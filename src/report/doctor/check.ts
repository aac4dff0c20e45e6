import type { Finding } from '../../diagnostics/finding.js';
import type { FindingId } from '../../diagnostics/rules/registry.js';
import type { DoctorFacts } from './facts.js';

/** What a check made of the facts. */
export interface Checked {
  readonly findings: readonly Finding[];
  /** What is well, as one line; undefined where there is nothing to say. */
  readonly well?: string | undefined;
  /** The findings that could not be looked for, with the reason. */
  readonly open?: readonly { readonly ids: readonly FindingId[]; readonly why: string }[];
}

/** One thing to look at, with all that may be found there. */
export interface Check {
  /** What it is about, for a sentence. */
  readonly what: string;
  readonly ids: readonly FindingId[];
  look(facts: DoctorFacts): Checked;
}
