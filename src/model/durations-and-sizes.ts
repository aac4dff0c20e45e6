import { usageError } from '../errors.js';
import { excerpt } from './text.js';

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `500ms`, `2s`, `1.5m`, `1m30s`, `0`; `what` names the value in the error. */
export function parseDurationMs(text: string, what: string): number {
  const word = text.trim();
  if (word === '0') return 0;
  if (!/^(\d{1,15}(\.\d+)?(ms|s|m|h))+$/.test(word)) {
    const hint = 'Use 500ms, 2s, 1m30s or 1h.';
    throw usageError('bad-duration', `${what}: "${excerpt(text, 20)}" is not a duration`, hint);
  }
  const pieces = [...word.matchAll(/([\d.]+)(ms|s|m|h)/g)];
  return pieces.reduce((sum, [, number, unit = '']) => sum + Number(number) * (durationUnits[unit] ?? 0), 0);
}

/** Nanoseconds as a person writes them: `10m`, `1h30m`, `1.5s`, `20ms`, `0s`. */
export function showDuration(nanoseconds: number): string {
  if (nanoseconds < 0) return `-${showDuration(-nanoseconds)}`;
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e9) return `${Number((nanoseconds / 1e6).toPrecision(6))}ms`;
  const seconds = nanoseconds / 1e9;
  const [h, m] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const s = Number((seconds % 60).toFixed(3));
  return `${h === 0 ? '' : `${h}h`}${m === 0 ? '' : `${m}m`}${s === 0 ? '' : `${s}s`}`;
}

const sizeUnits = [
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const;

/** Bytes in the largest unit that divides them, in the format of `--max-body`: `64MiB`. */
export function showSize(bytes: number): string {
  const unit = sizeUnits.find(([, size]) => bytes >= size && bytes % size === 0);
  return unit === undefined ? `${bytes} bytes` : `${bytes / unit[1]}${unit[0]}`;
}

/** A time in ISO 8601 without fractions of a second. */
export function withoutFraction(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}

/** `2026-01-01T00:00:00Z` of milliseconds since 1970, rounded up to whole seconds. */
export function isoTime(ms: number): string {
  return new Date(Math.ceil(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
