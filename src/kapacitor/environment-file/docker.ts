import { droppedByName, isVariableName, type Assignment, type DroppedLine } from './assignment.js';

/**
 * A file of `docker run --env-file` (docker/cli, opts/file.go): one variable a line, a value is everything behind the
 * first equals sign, quotes included, and a name alone is taken from the shell. A name with a blank stops docker.
 */
export function readDockerFile(text: string): {
  readonly assignments: readonly Assignment[];
  readonly dropped: readonly DroppedLine[];
} {
  const assignments: Assignment[] = [];
  const dropped: DroppedLine[] = [];
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = i + 1;
    const written = raw.replace(/^[ \t\v\f]+/, '');
    if (written === '' || written.startsWith('#')) continue;
    const equals = written.indexOf('=');
    const name = equals < 0 ? written : written.slice(0, equals);
    if (!/\s/.test(name) && equals > 0) assignments.push({ name, value: written.slice(equals + 1), line });
    else if (equals < 0 && isVariableName(name)) dropped.push({ name, line, why: 'from-shell' });
    else dropped.push(...[droppedByName(name, line) ?? []].flat());
  }
  return { assignments, dropped };
}
