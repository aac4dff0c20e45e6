import {
  type Finding,
  type FindingId,
  type FindingsReport,
  type Fix,
  rulesFoundBy,
  sortBySeverity,
} from '../finding.js';
import {
  daemonStarts,
  identityLines,
  type LineMap,
  runConfigChecks,
  runFixableChecks,
  uncheckedIds,
  uncheckedReason,
  withRenamedVariables,
  withText,
  withVariables,
} from './run-checks.js';
import { type ConfigFinding, type ConfigInput, type ConfigTlsFiles, environmentSubject } from './facts.js';
import { findTrial, fixFix, type FixTrial } from './fixes.js';
import { outlineConfig } from '../../kapacitor-config/read-and-validate.js';
import type { VariableRenaming } from '../../kapacitor-config/fields.js';
import { isVariableName } from '../../kapacitor-config/environment-formats.js';
import { applyTextEdits, type Edit } from './edit.js';
import { exportedLines, misspeltLines, variableFindings } from './variable-checks.js';
import { startRules } from '../rules/config/names.js';
import { defaultVersion } from '../../model/kapacitor-versions.js';

function subjectsOf({ file, environment }: ConfigInput): FindingsReport['subjects'] {
  return [
    { what: 'kapacitor.conf', name: file?.path ?? 'none (using defaults)' },
    { what: environmentSubject(environment), name: environment.from },
  ];
}

/** By the lines of the file; what lies outside it comes last. */
function inLineOrder(findings: readonly Finding[]): readonly Finding[] {
  const lineOf = ({ place }: Finding): number => (place?.in === 'file' ? (place.line ?? 0) : Number.MAX_SAFE_INTEGER);
  return findings.toSorted((a, b) => lineOf(a) - lineOf(b));
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

const maxNamedFindings = 3;

/** Which findings one command fixes: `To fix both`, `To fix data-dir-missing`, `To fix 5 of the 7`. */
function fixesText(fixed: ReadonlySet<Finding>, all: readonly Finding[]): string {
  if (fixed.size === all.length) return ['To fix it', 'To fix both'][all.length - 1] ?? `To fix all ${all.length}`;
  const ids = [...new Set([...fixed].map(({ id }) => id))];
  const isExact = !all.some((one) => !fixed.has(one) && ids.includes(one.id));
  if (!isExact || ids.length > maxNamedFindings) return `To fix ${fixed.size} of the ${all.length}`;
  return `To fix ${ids.join(' and ')}`;
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
  return {
    foundBy: 'config check',
    subjects: subjectsOf(input),
    findings: sortBySeverity(findings),
    checked: rules.filter(({ id }) => !skipped.has(id)),
    unchecked: rules.filter(({ id }) => skipped.has(id)).map((rule) => ({ rule, why: uncheckedReason(input) })),
    ...(fix === undefined || fixed.size === 0 ? {} : { next: [{ ...fix, what: fixesText(fixed, found) }] }),
  };
}

/** A file with all fixed that can be. */
export interface FixedConfig {
  readonly before: string;
  readonly after: string;
  /** In the order of fixing: what shows only after another fix comes after it. */
  readonly fixed: readonly Finding[];
  /** What is still wrong. */
  readonly remaining: readonly Finding[];
  /** The file of variables, where it changes too. */
  readonly environment?: { readonly before: string; readonly after: string };
}

const maxRounds = 200;
const aboutVariables: ReadonlySet<FindingId> = new Set(['variable-dropped', 'misspelt-variable']);
const aboutNames: ReadonlySet<FindingId> = new Set(['misspelt-section', 'misspelt-key', 'key-elsewhere']);

/** A setting that was given under another name must not be generated. */
function namesFirst(found: readonly ConfigFinding[]): readonly ConfigFinding[] {
  const isName = ({ finding }: ConfigFinding): boolean => aboutNames.has(finding.id);
  return [...found.filter(isName), ...found.filter((one) => !isName(one))];
}

/** Lines that an edit adds are those of the line that it starts in. */
function lineBefore(before: string, edits: readonly Edit[], after: string): LineMap {
  const inOrder = edits.toSorted((a, b) => a.start - b.start);
  return (line) => {
    let offset = after.split('\n', line - 1).reduce((sum, { length }) => sum + length + 1, 0);
    for (const { start, end, text } of inOrder) {
      if (offset < start) break;
      offset = offset < start + text.length ? start : offset - text.length + (end - start);
    }
    return before.slice(0, offset).split('\n').length;
  };
}

interface Fixing {
  readonly text: string;
  readonly lineAsRead: LineMap;
  readonly fixed: readonly Finding[];
}

/** Fixes one finding after the other; `accepts` checks each resulting text. */
function fixAll(
  input: ConfigInput,
  tlsFiles: ConfigTlsFiles,
  accepts: (before: string, after: string) => boolean,
): Fixing {
  const fixed: Finding[] = [];
  let now = outlineConfig(input.file?.content ?? '').text;
  let [current, lineAsRead] = [input, identityLines];
  const seen = new Set([now]);
  for (;;) {
    const next = namesFirst(runFixableChecks(current, tlsFiles)).find(({ edits }) => {
      if (edits === undefined) return false;
      const after = applyTextEdits(now, edits);
      return !seen.has(after) && accepts(now, after);
    });
    if (next?.edits === undefined || fixed.length >= maxRounds) return { text: now, lineAsRead, fixed };
    const after = applyTextEdits(now, next.edits);
    const [asRead, toBefore] = [lineAsRead, lineBefore(now, next.edits, after)];
    lineAsRead = (line) => asRead(toBefore(line));
    now = after;
    current = withText(input, now, lineAsRead);
    seen.add(now);
    fixed.push(next.finding);
  }
}

/** A way to fix all that can be, to be compared with others: whether the fixes of what is left hold is not tried. */
interface Attempt extends Omit<FixedConfig, 'remaining'> {
  /** The input once all is fixed. */
  readonly done: ConfigInput;
  /** What is still wrong with it. */
  left(): readonly ConfigFinding[];
}

/** Fixes the file alone; see `fixConfig`. */
function fixFile(input: ConfigInput, tlsFiles: ConfigTlsFiles): Attempt {
  const before = outlineConfig(input.file?.content ?? '').text;
  const all = (): boolean => true;
  const {
    text: after,
    lineAsRead,
    fixed,
  } = fixAll(input, tlsFiles, (now, then) => {
    if (!daemonStarts(withText(input, now), tlsFiles) || daemonStarts(withText(input, then), tlsFiles)) return true;
    return daemonStarts(withText(input, fixAll(withText(input, then), tlsFiles, all).text), tlsFiles);
  });
  const done = withText(input, after, lineAsRead);
  return { before, after, fixed, done, left: () => runConfigChecks(done, tlsFiles) };
}

function errorsIn(found: readonly ConfigFinding[]): number {
  return found.filter(({ finding: { severity } }) => severity === 'error').length;
}

/** Fixes the names in the file of variables and then the file; undefined if that is no improvement. */
function fixWithNames(
  input: ConfigInput,
  tlsFiles: ConfigTlsFiles,
  fixed: Attempt,
  renamings: readonly VariableRenaming[],
): Attempt | undefined {
  const changed = withRenamedVariables(input, renamings);
  const [before, after] = [input.environment.file?.text, changed.environment.file?.text];
  if (before === undefined || after === undefined || before === after) return undefined;
  const [were, are] = [before.split('\n'), after.split('\n')];
  if (renamings.some(({ line }) => were[line - 1] === are[line - 1])) return undefined;
  const fixedFile = fixFile(changed, tlsFiles);
  if (
    daemonStarts(withText(input, fixed.after), tlsFiles) &&
    !daemonStarts(withText(changed, fixedFile.after), tlsFiles)
  ) {
    return undefined;
  }
  if (errorsIn(fixedFile.left()) > errorsIn(fixed.left())) return undefined;
  const still = new Set(variableFindings(changed).map(({ finding: { fact } }) => fact));
  const gone = variableFindings(input).filter(
    ({ finding: { id, fact } }) => aboutVariables.has(id) && !still.has(fact),
  );
  if (gone.length < renamings.length) return undefined;
  const all = [...gone.map(({ finding }) => finding), ...fixedFile.fixed];
  return { ...fixedFile, fixed: all, environment: { before, after } };
}

/** Fixes the file and, unless that makes it worse, the file of variables; see `fixConfig`. */
function fixFileAndVariables(input: ConfigInput, tlsFiles: ConfigTlsFiles): Attempt {
  const fixed = fixFile(input, tlsFiles);
  const attempt = (from: Attempt, renamings: readonly VariableRenaming[]): Attempt | undefined =>
    fixWithNames(input, tlsFiles, from, renamings);
  const [exported, misspelt] = [exportedLines(input), misspeltLines(input)];
  const all = attempt(fixed, [...exported, ...misspelt]);
  if (all !== undefined) return all;
  const lost = [...exported, ...misspelt.filter(({ name }) => !isVariableName(name))];
  let taken: readonly VariableRenaming[] = attempt(fixed, lost) === undefined ? exported : lost;
  let best = attempt(fixed, taken);
  if (best === undefined) [taken, best] = [[], fixed];
  for (const one of misspelt.filter(({ name }) => isVariableName(name))) {
    const more = attempt(best, [...taken, one]);
    if (more !== undefined) [taken, best] = [[...taken, one], more];
  }
  return best;
}

/** What `fixConfig` fixes of the file and the file of variables, in its order. */
function fixedFindings(input: ConfigInput, tlsFiles: ConfigTlsFiles): readonly Finding[] {
  return fixFileAndVariables(input, tlsFiles).fixed;
}

/**
 * Fixes one finding after the other until no more can be fixed. Fixing again changes nothing. A daemon that starts
 * before starts afterwards. The texts have a lone surrogate for each byte that is not UTF-8 (see `encodeFile`). With
 * `variables` the file of variables is fixed too: the word `export` is removed, and misspelled names are corrected.
 */
export function fixConfig(
  input: ConfigInput,
  tlsFiles: ConfigTlsFiles,
  { variables = false }: { readonly variables?: boolean } = {},
): FixedConfig {
  const best = variables ? fixFileAndVariables(input, tlsFiles) : fixFile(input, tlsFiles);
  const { done, left, ...fixed } = best;
  return { ...fixed, remaining: inLineOrder(keepWorkingFixes(done, tlsFiles, left())) };
}

/** The configuration after a fix was followed. */
function applyTrial(input: ConfigInput, trial: FixTrial): ConfigInput {
  const changed = trial.text === undefined ? input : withText(input, trial.text);
  if (trial.renaming !== undefined) return withRenamedVariables(changed, [trial.renaming]);
  return trial.variables === undefined ? changed : withVariables(changed, trial.variables, trial.without);
}

interface FindingCounts {
  readonly all: number;
  readonly errors: number;
  readonly stops: number;
}

/** Counts only rules that could be checked before: a fix that makes more rules checkable is no worse for it. */
function countFindings(found: readonly ConfigFinding[], unchecked: ReadonlySet<string>): FindingCounts {
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
function keepWorkingFixes(
  input: ConfigInput,
  tlsFiles: ConfigTlsFiles,
  found: readonly ConfigFinding[],
): readonly Finding[] {
  // What other releases refuse does not depend on the fixes: it is not looked for again.
  const unchecked: ReadonlySet<string> = new Set([...uncheckedIds(input), 'older-version']);
  const version = input.version ?? defaultVersion;
  const before = countFindings(found, unchecked);
  const isStarting = daemonStarts(input, tlsFiles);
  /** The fix where it holds, else the advice in its place where the line does no harm. */
  const keptFix = (fix: Fix, { id }: Finding): Fix | undefined => {
    const trial = findTrial(fix);
    if (trial === undefined) return fix.setting === undefined ? fix : undefined;
    const changed = { ...applyTrial(input, trial), version };
    if (isStarting && !daemonStarts(changed, tlsFiles)) return undefined;
    const now = countFindings(runConfigChecks(changed, tlsFiles), unchecked);
    const maxStops = before.stops - (id in startRules ? 1 : 0);
    if (now.all < before.all && now.errors <= before.errors && now.stops <= maxStops) return fix;
    return now.errors < before.errors && now.stops <= before.stops ? trial.orElse : undefined;
  };
  return found.map(({ finding }): Finding => {
    const fixes = finding.fixes.flatMap((fix) => keptFix(fix, finding) ?? []);
    return { ...finding, fixes };
  });
}
