import { usageError } from '../errors.js';
import { excerpt } from './text.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `500ms`, `2s`, `1.5m`, `1h`; `what` names the value in the error. */
export function parseDuration(text: string, what: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim()) ?? [];
  const scale = units[unit];
  if (scale === undefined) {
    throw usageError(
      'bad-duration',
      `${what}: "${excerpt(text, 20)}" is no duration`,
      'write it as 500ms, 2s, 5m or 1h',
    );
  }
  return Number(number) * scale;
}
