import type { RuleText } from '../rule.js';

/** What `doctor` finds on the live cluster. */
export const doctorRules = {} as const satisfies Readonly<Record<string, RuleText>>;
