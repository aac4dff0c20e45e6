import type { FoundBy, Rule, RuleText } from '../rule.js';
import { accessRules } from './access.js';
import { cacheRules } from './caches.js';
import { doctorRules } from './doctor.js';
import { metaRules } from './meta.js';
import { nameRules } from './names.js';
import { startRules } from './start.js';
import { tlsRules } from './tls.js';

const rows = {
  ...startRules,
  ...accessRules,
  ...metaRules,
  ...tlsRules,
  ...cacheRules,
  ...nameRules,
  ...doctorRules,
};

export type FindingId = keyof typeof rows;

/** Every finding that there is, in the order of docs/findings.md. */
export const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries<RuleText>(rows).map(([id, text]) => [id, { id, ...text }]),
);

export function ruleOf(id: FindingId): Rule {
  return { id, ...rows[id] };
}

/** The rules of one command. */
export function rulesOf(foundBy: FoundBy): readonly Rule[] {
  return [...rules.values()].filter((rule) => rule.foundBy === foundBy);
}
