import { type Finding, type FindingsReport, sortBySeverity } from '../finding.js';
import { rulesFoundBy } from '../rules/registry.js';
import { runConfigChecks, uncheckedIds } from './run-checks.js';
import { fixedFindings, keepWorkingFixes } from './fix-config.js';
import { type ConfigInput, environmentSubject, type ConfigTlsFiles } from './input.js';
import { fixFix } from './fixes.js';

function subjectsOf({ file, environment }: ConfigInput): FindingsReport['subjects'] {
  return [
    { what: 'kapacitor.conf', name: file?.path ?? 'none (using defaults)' },
    { what: environmentSubject(environment), name: environment.from },
  ];
}

/** Identifies a finding without its line, which edits above it move. */
function keyOf({ id, fact, place }: Finding): string {
  const variable = place?.in === 'environment' ? place.variable : '';
  return `${id} ${variable} ${fact.replaceAll(/\b(?:line|column) \d+/gi, '')}`;
}

/** Which findings `config fix --write` fixes. */
function fixedBy(input: ConfigInput, tlsFiles: ConfigTlsFiles, findings: readonly Finding[]): ReadonlySet<Finding> {
  const open = fixedFindings(input, tlsFiles).map(keyOf);
  const fixed = findings.filter((one) => {
    const at = open.indexOf(keyOf(one));
    if (at >= 0) open.splice(at, 1);
    return at >= 0;
  });
  return new Set(fixed);
}

/** The report of `config check`: each line that it offers as a fix holds when it alone is followed. */
export function checkConfig(input: ConfigInput, tlsFiles: ConfigTlsFiles): FindingsReport {
  const skipped: ReadonlySet<string> = uncheckedIds(input);
  const rules = rulesFoundBy('config check');
  const found = keepWorkingFixes(input, tlsFiles, runConfigChecks(input, tlsFiles));
  const fix = fixFix(input);
  const fixed = fix === undefined ? new Set<Finding>() : fixedBy(input, tlsFiles, found);
  const findings = found.map((one): Finding => {
    return fixed.has(one) && one.fixes.length === 0 && fix !== undefined ? { ...one, fixes: [fix] } : one;
  });
  const what = `To fix ${fixed.size} of them`;
  return {
    foundBy: 'config check',
    subjects: subjectsOf(input),
    findings: sortBySeverity(findings),
    checked: rules.filter(({ id }) => !skipped.has(id)),
    unchecked: rules
      .filter(({ id }) => skipped.has(id))
      .map((rule) => ({ rule, why: 'Kapacitor rejects the values they depend on, or the values are not known here' })),
    ...(fix === undefined || fixed.size === 0 ? {} : { next: [{ ...fix, what }] }),
  };
}
