import type { RuleText } from '../rule.js';
import { clusterAccessRules } from './doctor/access.js';
import { certificateRules } from './doctor/certificates.js';
import { kapacitorRules } from './doctor/kapacitor.js';
import { leaderRules } from './doctor/leader.js';
import { nodeRules } from './doctor/nodes.js';
import { userRules } from './doctor/users.js';

/** What `doctor` finds on the live cluster. */
export const doctorRules = {
  ...nodeRules,
  ...leaderRules,
  ...certificateRules,
  ...clusterAccessRules,
  ...userRules,
  ...kapacitorRules,
} as const satisfies Readonly<Record<string, RuleText>>;
