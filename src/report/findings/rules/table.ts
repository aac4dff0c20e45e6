import type { Rule, RuleText } from '../rule.js';
import { accessRules } from './access.js';
import { doctorRules } from './doctor.js';

const rows = { ...accessRules, ...doctorRules };

export type FindingId = keyof typeof rows;

/** Every finding that there is, in the order of docs/findings.md. */
export const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries<RuleText>(rows).map(([id, text]) => [id, { id, ...text }]),
);

export function ruleOf(id: FindingId): Rule {
  return { id, ...rows[id] };
}

/** The rules of one command. */
export function rulesOf(foundBy: Rule['foundBy']): readonly Rule[] {
  return [...rules.values()].filter((rule) => rule.foundBy === foundBy);
}
