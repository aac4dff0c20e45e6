import { usageError } from '../errors.js';
import { parseDuration } from '../kapacitor/go/duration.js';
import { excerpt } from '../model/text.js';

/** A moment of the daemon's life, as it is written and in nanoseconds since its start. */
export interface At {
  readonly text: string;
  readonly now: number;
}

export interface MomentOptions {
  readonly at?: string;
  readonly repeat?: string;
  readonly every?: string;
}

const most = 10_000;

function nanoseconds(text: string, flag: string): number {
  const { nanoseconds: value } = parseDuration(text.trim());
  if (value !== undefined && value >= 0n) return Number(value);
  throw usageError('bad-duration', `${flag}: "${excerpt(text, 40)}" is not a duration such as 5m or 90s`);
}

/** The moments of `--at 0s,5m` or `--repeat N --every 5m`; one without a name where neither is given. */
export function momentsOf({ at, repeat, every }: MomentOptions): readonly At[] {
  if (at !== undefined && repeat !== undefined) {
    throw usageError('two-times', '--at and --repeat exclude each other', 'Give one of them.');
  }
  if (at !== undefined) {
    const moments = at.split(',').map((text) => ({ text: text.trim(), now: nanoseconds(text, '--at') }));
    const back = moments.find(({ now }, i) => i > 0 && now < moments[i - 1]!.now);
    if (back !== undefined)
      throw usageError('bad-duration', `--at: ${back.text} lies before the moment in front of it`);
    return moments;
  }
  if (repeat === undefined && every === undefined) return [{ text: '', now: 0 }];
  const count = Number(repeat);
  if (!/^\d+$/.test(repeat ?? '') || count < 1 || count > most) {
    throw usageError('bad-count', `--repeat: expected a number from 1 to ${most}`, 'Give --repeat 3 --every 5m.');
  }
  if (every === undefined) throw usageError('no-interval', '--repeat needs --every', 'Give --repeat 3 --every 5m.');
  const step = nanoseconds(every, '--every');
  return Array.from({ length: count }, (_, i) => ({ text: i === 0 ? '0s' : `${i} x ${every}`, now: i * step }));
}
