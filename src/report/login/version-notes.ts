import { differences, type DifferenceId, type KapacitorVersion } from '../../kapacitor/versions.js';

/** How older and newer releases differ in what decided, the side of this version first. */
export function versionNote(id: DifferenceId, { rules }: KapacitorVersion): string {
  const { since, before, after } = differences[id];
  return rules[id]
    ? `Kapacitor ${since} and later: ${after} Before ${since}: ${before}`
    : `Kapacitor before ${since}: ${before} ${since} and later: ${after}`;
}
