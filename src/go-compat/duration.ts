import { toBinary } from './utf8.js';

/** Nanoseconds, or Go's error text. */
export type DurationResult =
  | { readonly nanoseconds: bigint; readonly error?: undefined }
  | { readonly error: string; readonly nanoseconds?: undefined };

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const limit = 1n << 63n;

/** The quoting of Go's package time: `\xNN` for each byte that is not printable ASCII. */
function quoted(text: string): string {
  const escaped = toBinary(text).replace(/["\\]|[^ -\x7f]/g, (c) =>
    c === '"' || c === '\\' ? `\\${c}` : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}

/** Digits after the point; those that do not fit into 63 bits are dropped, as in Go. */
function fraction(digits: string): { value: bigint; scale: number } {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (limit - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > limit) break;
    value = next;
    scale *= 10;
  }
  return { value, scale };
}

/** Go's time.ParseDuration. */
export function parseGoDuration(text: string): DurationResult {
  const invalid = { error: `time: invalid duration ${quoted(text)}` };
  const sign = /^[+-]?/.exec(text)?.[0] ?? '';
  const rest = text.slice(sign.length);
  if (rest === '0') return { nanoseconds: 0n };
  if (rest === '') return invalid;

  const part = /([0-9]*)(\.[0-9]*)?([^.0-9]*)/y;
  let sum = 0n;
  while (part.lastIndex < rest.length) {
    const [, integerText = '', fractionText = '', unit = ''] = part.exec(rest) ?? [];
    if (integerText === '' && fractionText.length < 2) return invalid;
    const digits = integerText.replace(/^0+/, '');
    const count = digits.length < 20 ? BigInt(digits) : limit + 1n;
    if (count > limit) return invalid;
    if (unit === '') return { error: `time: missing unit in duration ${quoted(text)}` };
    const unitSize = units.get(unit);
    if (unitSize === undefined) return { error: `time: unknown unit ${quoted(unit)} in duration ${quoted(text)}` };
    if (count > limit / unitSize) return invalid;
    const { value, scale } = fraction(fractionText.slice(1));
    const nanoseconds = count * unitSize + BigInt(Math.trunc(Number(value) * (Number(unitSize) / scale)));
    if (nanoseconds > limit) return invalid;
    sum = BigInt.asUintN(64, sum + nanoseconds);
    if (sum > limit) return invalid;
  }
  if (sign === '-') return { nanoseconds: -sum };
  return sum === limit ? invalid : { nanoseconds: sum };
}

function decimals(value: bigint, unit: bigint): string {
  const fractionText = (value % unit).toString().padStart(unit.toString().length - 1, '0');
  return `${value / unit}.${fractionText}`.replace(/\.?0+$/, '');
}

/** Go's Duration.String of a number of nanoseconds: `10m0s`, `1.5s`, `5µs`, `0s`. */
export function formatGoDuration(nanoseconds: bigint | number): string {
  const value = BigInt(nanoseconds);
  if (value < 0n) return `-${formatGoDuration(-value)}`;
  if (value === 0n) return '0s';
  if (value < 1_000n) return `${value}ns`;
  if (value < 1_000_000n) return `${decimals(value, 1_000n)}µs`;
  if (value < 1_000_000_000n) return `${decimals(value, 1_000_000n)}ms`;
  const seconds = decimals(value % 60_000_000_000n, 1_000_000_000n);
  const minutes = value / 60_000_000_000n;
  if (minutes === 0n) return `${seconds}s`;
  if (minutes < 60n) return `${minutes}m${seconds}s`;
  return `${minutes / 60n}h${minutes % 60n}m${seconds}s`;
}
