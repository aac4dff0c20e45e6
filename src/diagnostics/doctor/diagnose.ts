import { type FindingsReport, getRule, sortBySeverity } from '../finding.js';
import { accountCheck, anonymousCheck, ldapCheck, lookupCheck } from './checks/meta-accounts.js';
import { clockCheck, leaderCheck, nodeCheck, transportCheck } from './checks/nodes.js';
import { certificateCheck } from './checks/certificates.js';
import type { DoctorCheck, DoctorFacts } from './facts.js';
import { kapacitorCheck } from './checks/kapacitor.js';
import { probeCheck, roleCheck, roleCopyCheck, userCheck } from './checks/users-and-roles.js';

/** Everything that `doctor` looks at, in the order of the report. */
export const doctorChecks: readonly DoctorCheck[] = [
  nodeCheck,
  leaderCheck,
  transportCheck,
  certificateCheck,
  clockCheck,
  anonymousCheck,
  accountCheck,
  ldapCheck,
  userCheck,
  roleCheck,
  roleCopyCheck,
  probeCheck,
  lookupCheck,
  kapacitorCheck,
];

export interface DoctorReport extends FindingsReport {
  /** What is well, one line each, fit for a terminal. */
  readonly ok: readonly string[];
  /** What could not be looked at: the rules of `unchecked`, by what they are about. */
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
}

/** What the facts mean: findings, what is well, and what is not known. */
export function diagnose(facts: DoctorFacts): DoctorReport {
  const results = doctorChecks.map((check) => ({ check, ...check.run(facts) }));
  const findings = sortBySeverity(results.flatMap((one) => one.findings));
  const found = new Set<string>(findings.map(({ id }) => id));
  const unchecked = results
    .flatMap(({ unknown: open = [] }) => open.flatMap(({ ids, why }) => ids.map((id) => ({ rule: getRule(id), why }))))
    .filter(({ rule }) => !found.has(rule.id));
  const unknown = new Set(unchecked.map(({ rule }) => rule.id));
  return {
    foundBy: 'doctor',
    subjects: [
      ...facts.nodes.map(({ url }) => ({ what: 'meta node', name: url })),
      ...(facts.lookup.is === 'unknown' || facts.lookup.conf === undefined
        ? []
        : [{ what: 'kapacitor.conf', name: facts.lookup.conf }]),
      ...(facts.kapacitor === undefined ? [] : [{ what: 'Kapacitor', name: facts.kapacitor.url }]),
    ],
    findings,
    checked: doctorChecks
      .flatMap(({ ids }) => ids)
      .filter((id) => !unknown.has(id))
      .map(getRule),
    unchecked,
    ok: results.flatMap(({ ok: okText }) => (okText === undefined ? [] : [okText])),
    unknown: results.flatMap(({ check, unknown: open = [] }) => open.map(({ why }) => ({ what: check.what, why }))),
  };
}
