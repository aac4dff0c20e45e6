import type { Lines } from '../../output/styled.js';

/** The text of a change to the user's files, and whether it was only tried. */
export function told(lines: Lines, dryRun: boolean): Lines {
  return dryRun ? [...lines, 'Dry run: nothing was written.'] : lines;
}
