import type { Field } from '../../../kapacitor-config/fields.js';
import type { Finding } from '../../../diagnostics/finding.js';
import type { FindingId } from '../../../diagnostics/rules/registry.js';
import type { Edit } from './edit.js';
import type { ConfigFacts } from './facts.js';

/** A finding, and the edits of the file that mend it, where there is no doubt what is meant. */
export interface ConfigFinding {
  readonly finding: Finding;
  readonly edits?: readonly Edit[] | undefined;
}

/** Looks for findings of one kind; it is not asked while one of the fields that it reads is refused. */
export interface Check {
  readonly reads: readonly Field[];
  readonly gives: readonly FindingId[];
  find(facts: ConfigFacts): readonly ConfigFinding[];
}

/** Whether all is known that a check reads. */
export function canRun({ reads }: Check, unknown: ReadonlySet<Field>): boolean {
  return reads.every((field) => !unknown.has(field));
}
