import { usageError } from '../errors.js';
import { excerpt } from './text.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `500ms`, `2s`, `1.5m`, `1m30s`, `0`; `what` names the value in the error. */
export function parseDuration(text: string, what: string): number {
  const word = text.trim();
  if (word === '0') return 0;
  if (!/^(\d{1,15}(\.\d+)?(ms|s|m|h))+$/.test(word)) {
    const hint = 'write it as 500ms, 2s, 1m30s or 1h';
    throw usageError('bad-duration', `${what}: "${excerpt(text, 20)}" is no duration`, hint);
  }
  const pieces = [...word.matchAll(/([\d.]+)(ms|s|m|h)/g)];
  return pieces.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0);
}
