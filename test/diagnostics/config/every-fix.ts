import fc from 'fast-check';
import { checkConfig, fixConfig } from '../../../src/diagnostics/config/fix-config.js';
import { daemonStarts, runConfigChecks } from '../../../src/diagnostics/config/run-checks.js';
import { outlineConfig } from '../../../src/kapacitor-config/read-and-validate.js';
import type { ConfigInput } from '../../../src/diagnostics/config/facts.js';
import type { Finding, FindingsReport } from '../../../src/diagnostics/finding.js';
import { startRules } from '../../../src/diagnostics/rules/config/names.js';
import { applyFix } from './apply-fix.js';
import { tlsFiles, withText } from './corpus.js';
import { environmentOf, mixtures } from './mixtures.js';

function stops(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ id }) => id in startRules && id !== 'older-version');
}

function errors(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

/** The findings of `config check`, without the search for their fixes, which takes most of its time. */
function findingsOf(input: ConfigInput): readonly Finding[] {
  return runConfigChecks(input, tlsFiles).map(({ finding }) => finding);
}

/** Each line that is offered for a configuration, followed alone: what is wrong with it, in words. */
function faultsOfLines(input: ConfigInput, report: FindingsReport): readonly string[] {
  const unchecked = new Set(report.unchecked.map(({ rule }) => rule.id));
  const before = report.findings;
  const isStarting = daemonStarts(input, tlsFiles);
  return before.flatMap((finding) =>
    finding.fixes.flatMap((fix): string[] => {
      const told = `${finding.id}: ${fix.what}: ${fix.setting ?? ''}`;
      if (/\*\*\*|\.\.\.$/.test(`${fix.what}${fix.setting ?? ''}`)) return [`no line to follow: ${told}`];
      const changed = applyFix(input, fix, finding.place);
      if (changed === undefined) return [];
      const after = findingsOf(changed).filter(({ id }) => !unchecked.has(id));
      const others = stops(before).filter((one) => one !== finding);
      const faults: string[] = [];
      if (
        (isStarting || others.length === 0) &&
        stops(after).length + (daemonStarts(changed, tlsFiles) || !isStarting ? 0 : 1) > 0
      ) {
        faults.push(`the daemon does not start after ${told}`);
      }
      if (stops(after).length > others.length) faults.push(`more stops the daemon after ${told}`);
      if (after.length >= before.length) faults.push(`no fewer findings after ${told}`);
      if (errors(after).length > errors(before).length) faults.push(`more errors after ${told}`);
      return faults;
    }),
  );
}

const secretKey = /secret|password/;

/** What `config fix` does with a configuration, beside what `config check` says of it. */
function faultsOfFix(input: ConfigInput, report: FindingsReport): readonly string[] {
  const { before, after, fixed, environment } = fixConfig(input, tlsFiles, { variables: true });
  const offers = report.findings.filter(({ fixes }) =>
    fixes.some(({ command }) => String(command ?? '').includes('config fix')),
  );
  const faults: string[] = [];
  const fixedIds = fixed.map(({ id }) => id);
  for (const { id } of offers)
    if (!fixedIds.includes(id)) faults.push(`check offers config fix for ${id}, which fixes it not`);
  const first = report.findings.filter(({ id }) => fixedIds.includes(id));
  if (first.length > 0 && (report.next ?? []).length === 0)
    faults.push(`fix fixes ${fixedIds.join()}, and check offers it not`);
  if ((report.next ?? []).length > 0 && fixed.length === 0) faults.push('check offers fix, which fixes nothing');
  const changed = environment === undefined ? input : { ...input, environment: environmentOf(environment.after) };
  if (daemonStarts(input, tlsFiles) && !daemonStarts(withText(changed, after), tlsFiles))
    faults.push('fix stops the daemon');
  if (after.includes('***') && !before.includes('***')) faults.push('fix writes ***');
  for (const { key, value } of outlineConfig(before).keys) {
    if (!secretKey.test(key) || !/^(?:true|false|[-+\d][\w.+-]*)$/.test(value.raw)) continue;
    if (after.includes(`${key} = "${value.raw}"`)) faults.push(`fix makes a secret of ${value.raw}`);
  }
  return faults;
}

/** What is wrong with the fixes that are offered for a configuration; none where every fix holds. */
export function faultsOfFixes(input: ConfigInput): readonly string[] {
  const report = checkConfig(input, tlsFiles);
  return [...faultsOfLines(input, report), ...faultsOfFix(input, report)];
}

/** What is wrong with the fixes of so many random configurations: of the first one that has a fault, made small. */
export function faultsOfMixtures(count: number): string | null {
  const holds = (input: ConfigInput): void => {
    const faults = faultsOfFixes(input);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  };
  const { failed, counterexample, errorInstance } = fc.check(fc.property(mixtures(), holds), { numRuns: count });
  return failed ? `${String(errorInstance)}\n${JSON.stringify(counterexample)}` : null;
}
