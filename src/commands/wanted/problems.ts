import type { Deps } from '../../deps.js';
import { usageError, type KapadminError } from '../../errors.js';
import type { Problem } from '../../state/problem.js';

const mostTold = 100;

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
  for (const problem of warnings.slice(0, mostTold)) notes.warn(problemLine(problem));
  if (warnings.length > mostTold) notes.warn(`and ${warnings.length - mostTold} more`);
}

/** The usage error that tells all errors among the problems. */
export function errorOf(problems: readonly Problem[]): KapadminError {
  const errors = problems.filter(isError);
  const lines = errors.slice(0, mostTold).map((problem) => `\n${problemLine(problem)}`);
  if (errors.length > mostTold) lines.push(`\nand ${errors.length - mostTold} more`);
  const count = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
  return usageError('bad-state', `${count} in the wanted state:${lines.join('')}`, 'Nothing was changed.');
}
