import type { Command } from 'commander';
import type { Deps } from '../deps.js';
import { usageError } from '../errors.js';
import { parseDuration, showDuration } from '../model/duration.js';
import { checkFormat } from '../output/deliver.js';

export interface WatchFlags {
  /** The interval; true for the usual one. */
  readonly watch?: string | true;
}

const usual = '2s';
/** Milliseconds: no busy loop, and no timer that overflows. */
const shortest = 100;
const longest = 24 * 3_600_000;

/** Declares `--watch` of a verb that reads. */
export function addWatch(command: Command): Command {
  return command.option('--watch [interval]', `look again every ${usual}, or so often, and show what changed`);
}

/**
 * Milliseconds between two looks; undefined where nobody wants to watch. Throws a usage error for an interval that is no
 * good, and for outputs that are for one look.
 */
export function watchEvery({ watch }: WatchFlags, { flags }: Deps): number | undefined {
  if (watch === undefined) return undefined;
  const every = parseDuration(watch === true ? usual : watch, '--watch');
  if (every < shortest || every > longest) {
    const [least, most] = [showDuration(shortest * 1e6), showDuration(longest * 1e6)];
    throw usageError('bad-interval', `--watch: the interval is from ${least} to ${most}`);
  }
  if (flags.out !== undefined) throw usageError('no-watch-output', '--watch writes no file: leave out --out');
  checkFormat(flags.output ?? 'table', [], '--watch');
  return every;
}
