import type { Command } from 'commander';
import type { Deps } from '../cli/factory.js';
import { usageError } from '../errors.js';
import { knownReleasesHint, parseKapacitorVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';
import { excerpt } from '../model/text.js';

export interface KapacitorVersionFlag {
  readonly kapacitorVersion?: string;
}

export function addKapacitorVersionFlag(command: Command): void {
  command.option('--kapacitor-version <release>', 'which Kapacitor runs, such as 1.6.5 (default 1.8)');
}

/** The release that the flag names; undefined without it. Throws a usage error where there is no such release. */
export function namedVersion({ kapacitorVersion: text }: KapacitorVersionFlag): KapacitorVersion | undefined {
  const version = text === undefined ? undefined : parseKapacitorVersion(text);
  if (text === undefined || version !== undefined) return version;
  const what = `"${excerpt(text, 40)}" is not a release of Kapacitor that is known`;
  throw usageError('bad-version', `--kapacitor-version: ${what}`, knownReleasesHint);
}

/** The Kapacitor that flag, environment or profile name; undefined where nobody says. Depends on the settings. */
export async function chosenVersion(flags: KapacitorVersionFlag, deps: Deps): Promise<KapacitorVersion | undefined> {
  return namedVersion(flags) ?? (await deps.network()).kapacitorVersion;
}
