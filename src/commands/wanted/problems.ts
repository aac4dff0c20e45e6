import type { Deps } from '../../deps.js';
import { usageError, type KapadminError } from '../../errors.js';
import type { Problem } from '../../desired-state/problems.js';

const mostErrors = 100;
const mostWarnings = 20;

/** A problem in one line, as editors and CI jobs read it. */
export function problemLine({ file, line, column, message, hint }: Problem): string {
  return `${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

/** Warns of problems that forbid nothing. */
export function warnOf(problems: readonly Problem[], notes: Deps['notes']): void {
  const warnings = problems.filter((problem) => !isError(problem));
  for (const problem of warnings.slice(0, mostWarnings)) notes.warn(problemLine(problem));
  if (warnings.length > mostWarnings)
    notes.warn(`and ${warnings.length - mostWarnings} more; those of the files alone: kapadmin plan --lint`);
}

/** The usage error that tells all errors among the problems. */
export function errorOf(problems: readonly Problem[]): KapadminError {
  const errors = problems.filter(isError);
  const lines = errors.slice(0, mostErrors).map(problemLine);
  if (errors.length > mostErrors) lines.push(`and ${errors.length - mostErrors} more`);
  const count = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
  return usageError('bad-state', `${count} in the wanted state:`, 'Nothing was changed.', lines);
}
