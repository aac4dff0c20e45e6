import { outline, type Outline } from '../../../kapacitor-config/outline.js';
import {
  differences,
  knownVersions,
  type DifferenceId,
  type KapacitorVersion,
} from '../../../model/kapacitor-versions.js';
import { finding } from '../../../diagnostics/finding.js';
import type { ConfigFinding } from './check.js';
import { filePlace } from './facts.js';
import { lineAsRead, type ConfigInput } from './input.js';

/** Releases that follow each other, as a range: `1.6.0 to 1.6.5`. */
export function releasesText(versions: readonly KapacitorVersion[]): string {
  const [first, last] = [versions[0]?.name, versions.at(-1)?.name];
  return first === last ? `${first}` : `${first} to ${last}`;
}

const ofFiles = Object.entries(differences).flatMap(([id, { area }]) =>
  area === 'kapacitor.conf' ? [id as DifferenceId] : [],
);

/** Where each release stops in the file of an input; releases that read files alike are asked once. */
function faultsOf(input: ConfigInput): (version: KapacitorVersion) => Outline['fault'] {
  const known = new Map<string, Outline['fault']>();
  return (version) => {
    const kind = ofFiles.map((id) => version.rules[id]).join();
    if (!known.has(kind)) known.set(kind, outline(input.file?.content ?? '', version).fault);
    return known.get(kind);
  };
}

/** The releases that can read the file of an input. */
export function whoReads(input: ConfigInput): readonly KapacitorVersion[] {
  const faultOf = faultsOf(input);
  return knownVersions.filter((version) => faultOf(version) === undefined);
}

/** A file that 1.8 reads and older releases do not, where nobody says which Kapacitor runs. */
export function versionFindings(input: ConfigInput, file: Outline): readonly ConfigFinding[] {
  if (input.version !== undefined || file.fault !== undefined) return [];
  const faultOf = faultsOf(input);
  const refusing = knownVersions.filter((version) => faultOf(version) !== undefined);
  const fault = refusing[0] && faultOf(refusing[0]);
  if (fault === undefined) return [];
  const fact = `Kapacitor ${releasesText(refusing)} cannot read this file and would not start; 1.8 reads it. The fault is near line ${lineAsRead(input, fault.line)}.`;
  return [{ finding: finding('older-version', fact, { place: filePlace(input, fault.line) }) }];
}
