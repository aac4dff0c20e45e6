import { quoteText } from '../../../go-compat/strconv.js';
import { isHex } from './characters.js';
import { readDateTime } from './dates.js';
import { Fault } from './fault.js';
import type { VersionRules } from '../../../model/kapacitor-versions.js';
import type { Scalar } from './value.js';

const unsignedWords = new Set(['nan', 'inf']);

function unsigned(text: string): string {
  return text.replace(/^[+-]/, '');
}

/** Whether each underscore stands between digits, as the daemon's parser sees it (letters up to f are digits). */
function underscoresFit(text: string): boolean {
  if (unsignedWords.has(unsigned(text))) return true;
  let digitBefore = false;
  for (let i = 0; i < text.length; i++) {
    const r = text.charCodeAt(i);
    if (r === 0x5f && !digitBefore) return false;
    digitBefore = isHex(r);
  }
  return digitBefore;
}

function hasLeadingZero(text: string): boolean {
  return /^0[^box]/.test(text) || /^[+-]0./.test(text);
}

function invalid(kind: 'integer' | 'float', text: string, line: number, why: string): Fault {
  return new Fault(`Invalid ${kind} ${quoteText(text)}: ${why}`, line, text);
}

const underscores = 'underscores must be surrounded by digits';
const leadingZeros = 'cannot have leading zeroes';

const least = -(1n << 63n);
const most = (1n << 63n) - 1n;

export function integerValue(text: string, line: number, rules: VersionRules): Scalar {
  if (!underscoresFit(text)) throw invalid('integer', text, line, underscores);
  if (rules.tomlStrict && hasLeadingZero(text)) throw invalid('integer', text, line, leadingZeros);
  const [, base = '', digits = ''] = /^(0[box])?0*(.*)$/.exec(unsigned(text).replaceAll('_', '')) ?? [];
  const size = digits.length > 64 ? most + 2n : BigInt(`${base}0${digits}`);
  const value = text.startsWith('-') ? -size : size;
  if (value < least || value > most) throw new Fault(`${text} is out of range for int64`, line, text);
  return { type: 'integer', value };
}

export function floatValue(text: string, line: number, rules: VersionRules): Scalar {
  const parts = text.split(/[.eE]/).filter((part) => part !== '');
  if (!parts.every(underscoresFit)) throw invalid('float', text, line, underscores);
  if (rules.tomlStrict && hasLeadingZero(parts[0] ?? '')) throw invalid('float', text, line, leadingZeros);
  if (/\.(?![0-9])/.test(text)) throw invalid('float', text, line, "'.' must be followed by one or more digits");
  const plain = text.replaceAll('_', '');
  if (unsigned(plain) === 'nan') return { type: 'float', value: NaN };
  if (unsigned(plain) === 'inf') return { type: 'float', value: plain.startsWith('-') ? -Infinity : Infinity };
  if (!/^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(plain)) {
    throw new Fault(`Invalid float value: ${quoteText(text)}`, line, text);
  }
  const value = Number(plain);
  if (!Number.isFinite(value)) throw new Fault(`${text} is out of range for float64`, line, text);
  return { type: 'float', value };
}

/** Before TOML 1.0 a time needs a date, and no letter or sign but an upper case one parts them. */
function isOfToml1(text: string): boolean {
  return /[ tz]/.test(text) || !text.includes('-', 1);
}

export function dateTimeValue(text: string, line: number, rules: VersionRules): Scalar {
  const upper = text.replace(/[zt ]/g, (c) => (c === 'z' ? 'Z' : 'T'));
  const value = rules.toml1 || !isOfToml1(text) ? readDateTime(upper) : undefined;
  if (value === undefined) throw new Fault(`invalid datetime: ${quoteText(upper)}`, line, upper);
  return { type: 'datetime', value };
}
