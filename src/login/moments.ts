import { usageError } from '../errors.js';
import { parseDuration } from '../go-compat/duration.js';
import { excerpt } from '../model/text.js';

/** A moment of the daemon's life, as it is written and in nanoseconds since its start. */
export interface At {
  readonly text: string;
  readonly now: number;
}

function nanoseconds(text: string): number {
  const { nanoseconds: value } = parseDuration(text);
  if (value !== undefined && value >= 0n) return Number(value);
  throw usageError('bad-duration', `--at: "${excerpt(text, 40)}" is not a duration such as 5m or 90s`);
}

/** The moments of `--at 0s,5m`; one without a name where it is not given. */
export function momentsOf(at: string | undefined): readonly At[] {
  if (at === undefined) return [{ text: '', now: 0 }];
  const texts = at.split(',').map((text) => text.trim());
  const moments = texts.map((text) => ({ text, now: nanoseconds(text) }));
  const back = moments.find(({ now }, i) => i > 0 && now < moments[i - 1]!.now);
  if (back === undefined) return moments;
  throw usageError('bad-duration', `--at: ${back.text} lies before the moment in front of it`);
}
