import type { FindingRule, FindingRuleText, FoundBy } from './rule.js';
import { clusterAccessRules, userRules } from './doctor/users.js';
import { certificateRules, kapacitorRules, leaderRules, nodeRules } from './doctor/servers.js';
import { accessRules, cacheRules } from './config/access.js';
import { metaRules, tlsRules } from './config/connections.js';
import { nameRules, startRules } from './config/names.js';

/** What `doctor` finds on the live cluster. */
const doctorRules = {
  ...nodeRules,
  ...leaderRules,
  ...certificateRules,
  ...clusterAccessRules,
  ...userRules,
  ...kapacitorRules,
} as const satisfies Readonly<Record<string, FindingRuleText>>;

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
