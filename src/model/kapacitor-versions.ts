import { type VersionRules, differences } from './version-differences.js';

export interface KapacitorVersion {
  /** A release such as `1.6.5`; `1.8` where any release of 1.8 is meant. */
  readonly name: string;
  readonly rules: VersionRules;
}

/** The newest release of each line; all before it were released. */
const newest: Readonly<Record<string, number>> = { '1.6': 6, '1.7': 7, '1.8': 3 };

function patchesOf(line: string): string[] {
  return Array.from({ length: newest[line]! + 1 }, (_, patch) => `${line}.${patch}`);
}

/** Every release that is known, in order. */
export const knownReleases: readonly string[] = Object.keys(newest).flatMap(patchesOf);

/** The hint for an invalid release. */
export const knownReleasesHint = `Give a release from ${knownReleases[0]} to ${knownReleases.at(-1)}, such as 1.6.6.`;

function isSince(release: string, since: string): boolean {
  return knownReleases.indexOf(release) >= knownReleases.indexOf(since);
}

function versionOf(name: string, release: string): KapacitorVersion {
  const rules = Object.entries(differences).map(([id, { since }]) => [id, isSince(release, since)] as const);
  return { name, rules: Object.fromEntries(rules) as VersionRules };
}

/** The version that is assumed if none is given. */
export const defaultVersion: KapacitorVersion = versionOf('1.8', '1.8.3');

/**
 * The daemon of a version as users and the header `X-Kapacitor-Version` write it: `1.6.5`, `v1.6.5`; `1.6` and `1.7`
 * mean their newest releases. An unknown newer patch release of 1.8 counts as the newest known one. Undefined if there
 * is no such release.
 */
export function parseKapacitorVersion(text: string): KapacitorVersion | undefined {
  const [, line = '', patch] = /^v?(1\.[678])(?:\.(0|[1-9][0-9]{0,5}))?$/.exec(text) ?? [];
  const last = newest[line];
  if (last === undefined) return undefined;
  if (patch === undefined) return line === '1.8' ? defaultVersion : versionOf(`${line}.${last}`, `${line}.${last}`);
  if (Number(patch) > last && line !== '1.8') return undefined;
  return versionOf(`${line}.${patch}`, `${line}.${Math.min(Number(patch), last)}`);
}

/** The daemon of every release that is known, in order. */
export const knownVersions: readonly KapacitorVersion[] = knownReleases.map((release) => versionOf(release, release));

/** A running Kapacitor whose rules differ from those of the predictions. */
export interface DifferentVersion {
  readonly sentence: string;
  /** The version to assume; undefined where the running one is unknown. */
  readonly version: KapacitorVersion | undefined;
}

/**
 * What to say of a running Kapacitor; undefined where it decides as the assumed one does.
 * @param found what `X-Kapacitor-Version` says, fit to be shown
 */
export function differentVersion(found: string, assumed: KapacitorVersion): DifferentVersion | undefined {
  const version = parseKapacitorVersion(found);
  if (version === undefined) {
    const sentence = `Kapacitor ${found} is unknown to kapadmin; the prediction assumes ${assumed.name}`;
    return { sentence, version };
  }
  const isAlike = Object.entries(version.rules).every(([id, on]) => assumed.rules[id as keyof VersionRules] === on);
  if (isAlike) return undefined;
  const use = `use --kapacitor-version ${version.name}`;
  return { sentence: `Kapacitor runs ${found}, but the prediction assumes ${assumed.name}: ${use}`, version };
}
