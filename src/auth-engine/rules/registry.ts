import { authorizationRules, lookupRules, passwordRules, storeRules } from './users.js';
import { credentialRules, routeRules, tokenRules } from './request.js';
import type { Grade, RuleRecord } from './rule.js';

const records = {
  ...routeRules,
  ...credentialRules,
  ...tokenRules,
  ...passwordRules,
  ...lookupRules,
  ...authorizationRules,
  ...storeRules,
};

/** What a step of a trace names as its rule. */
export type RuleId = keyof typeof records;

/** The rules that kapadmin assumes: a step that depends on one names it. */
export type AssumedRuleId = {
  [Id in RuleId]: (typeof records)[Id]['grade'] extends 'assumed' ? Id : never;
}[RuleId];

export interface EngineRule extends RuleRecord {
  readonly id: RuleId;
}

/** Every rule of the engine, in the order of docs/how-kapacitor-decides.md. */
export const engineRules: ReadonlyMap<string, EngineRule> = new Map(
  Object.entries<RuleRecord>(records).map(([id, record]) => [id, { id: id as RuleId, ...record }]),
);

/** How many rules are known in each way. */
export function countGrades(): Readonly<Record<Grade, number>> {
  const counts = { measured: 0, documented: 0, assumed: 0 };
  for (const { grade } of engineRules.values()) counts[grade]++;
  return counts;
}
