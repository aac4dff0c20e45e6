import type { Command } from 'commander';
import { type KapacitorVersion, parseKapacitorVersion, knownReleasesHint } from '../model/kapacitor-versions.js';
import { excerpt } from '../model/text.js';
import { usageError } from '../errors.js';
import type { Factory } from '../cli/factory.js';

export interface KapacitorVersionFlag {
  readonly kapacitorVersion?: string;
}

export function addKapacitorVersionFlag(command: Command): void {
  command.option('--kapacitor-version <release>', 'release of Kapacitor, such as 1.6.5 (default 1.8)');
}

/** The release that the flag names; undefined without it. Throws a usage error for an unknown release. */
export function parseVersionFlag({ kapacitorVersion: text }: KapacitorVersionFlag): KapacitorVersion | undefined {
  const version = text === undefined ? undefined : parseKapacitorVersion(text);
  if (text === undefined || version !== undefined) return version;
  const what = `"${excerpt(text, 40)}" is not a known release of Kapacitor`;
  throw usageError('bad-version', `--kapacitor-version: ${what}`, knownReleasesHint);
}

/** The Kapacitor version from flag, environment or profile, if any. Depends on the settings. */
export async function resolveKapacitorVersion(
  flags: KapacitorVersionFlag,
  factory: Factory,
): Promise<KapacitorVersion | undefined> {
  return parseVersionFlag(flags) ?? (await factory.networkSettings()).kapacitorVersion;
}
