import type { Mend } from '../../../diagnostics/fix.js';
import type { Finding } from '../../../diagnostics/finding.js';
import { startRules } from '../../../diagnostics/rules/config/start.js';
import type { ConfigFinding } from './check.js';
import { findInConfig, uncheckedIds } from './find-in-config.js';
import type { ConfigInput, TlsFiles } from './input.js';
import { trialOf } from './mends.js';
import { renamed, starts, withText, withVariables } from './trial.js';

/** The configuration after a fix was followed; undefined where it cannot be tried. */
function after(input: ConfigInput, mend: Mend): ConfigInput | undefined {
  const trial = trialOf(mend);
  if (trial === undefined) return undefined;
  const changed = trial.text === undefined ? input : withText(input, trial.text);
  if (trial.renaming !== undefined) return renamed(changed, [trial.renaming]);
  return trial.variables === undefined ? changed : withVariables(changed, trial.variables, trial.without);
}

interface Counts {
  readonly all: number;
  readonly errors: number;
  readonly stops: number;
}

/** Of the rules that could be looked at before: a fix that lets more be looked at is none the worse for it. */
function count(found: readonly ConfigFinding[], unchecked: ReadonlySet<string>): Counts {
  const all = found.filter(({ finding: { id } }) => !unchecked.has(id));
  return {
    all: all.length,
    errors: all.filter(({ finding: { severity } }) => severity === 'error').length,
    stops: all.filter(({ finding: { id } }) => id in startRules).length,
  };
}

/**
 * The findings with the fixes that hold: each line that is offered, followed alone, leaves fewer findings, and a daemon
 * that starts goes on to start.
 */
export function offeredFindings(
  input: ConfigInput,
  tlsFiles: TlsFiles,
  found: readonly ConfigFinding[],
): readonly Finding[] {
  const unchecked: ReadonlySet<string> = uncheckedIds(input);
  const before = count(found, unchecked);
  const isStarting = starts(input, tlsFiles);
  const holds = (mend: Mend, { id }: Finding): boolean => {
    const changed = after(input, mend);
    if (changed === undefined) return mend.setting === undefined;
    if (isStarting && !starts(changed, tlsFiles)) return false;
    const now = count(findInConfig(changed, tlsFiles), unchecked);
    const isStop = id in startRules;
    return now.all < before.all && now.errors <= before.errors && now.stops <= before.stops - (isStop ? 1 : 0);
  };
  /** Whether the advice in place of a line does no harm. */
  const isHarmless = (mend: Mend): boolean => {
    const changed = after(input, mend);
    if (changed === undefined || (isStarting && !starts(changed, tlsFiles))) return false;
    const now = count(findInConfig(changed, tlsFiles), unchecked);
    return now.errors < before.errors && now.stops <= before.stops;
  };
  return found.map(({ finding }): Finding => {
    const mends = finding.mends.flatMap((mend): readonly Mend[] => {
      if (holds(mend, finding)) return [mend];
      const advice = trialOf(mend)?.orElse;
      return advice !== undefined && isHarmless(mend) ? [advice] : [];
    });
    return { ...finding, mends };
  });
}
