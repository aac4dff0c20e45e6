import { parseDecimal } from '../go-compat/strconv.js';
import { type GunzipResult, gunzip } from '../go-compat/gzip.js';
import { parseUrlQuery, queryValue } from '../go-compat/url.js';
import type { HandlerResponse } from './trace.js';

/*
 * Which points InfluxDB's parser takes (influxdb 1.9.6, models/points.go, ParsePointsWithPrecision), and its words for
 * what it does not. Texts are binary; a place is an offset into them.
 */

/** Why a line is not a point. */
class PointError extends Error {}

const maxKeyLength = 65535;
/** Bytes between series and field in the key whose length is limited. */
const fieldSeparator = 4;

function isWhite(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\0';
}

function skipWhite(text: string, at: number): number {
  while (at < text.length && isWhite(text[at])) at++;
  return at;
}

/** The end of the line that starts at an offset; a line end inside a quoted field value does not count. */
function lineEnd(text: string, start: number): number {
  let [quoted, inFields] = [false, false];
  let [equals, commas] = [0, 0];
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === '\\' && at + 2 < text.length) {
      at += 2;
      continue;
    }
    if (char === ' ') inFields = true;
    if (inFields && !quoted && char === '=') equals++;
    else if (inFields && !quoted && char === ',') commas++;
    else if (inFields && char === '"' && equals > commas) quoted = !quoted;
    else if (char === '\n' && !quoted) break;
    at++;
  }
  return at;
}

function isUnescaped(text: string, at: number): boolean {
  return text[at - 1] !== '\\';
}

/** Scans to the next unescaped stop character, starting at the second character. */
function scanTo(text: string, start: number, stops: string): number {
  let at = start + 1;
  while (at < text.length && !(stops.includes(text[at]!) && isUnescaped(text, at))) at++;
  return at;
}

/** Scans measurement and tags and returns their end. A repeated tag key is reported last. */
function scanKey(text: string): number {
  if (text === '' || text[0] === ',') throw new PointError('missing measurement');
  let at = scanTo(text, 0, ', ');
  const keys: string[] = [];
  while (text[at] === ',') {
    const keyStart = at + 1;
    if (keyStart >= text.length || ' ,='.includes(text[keyStart]!)) throw new PointError('missing tag key');
    const keyEnd = scanTo(text, keyStart, ' ,=');
    if (text[keyEnd] !== '=') throw new PointError('missing tag value');
    keys.push(text.slice(keyStart, keyEnd));
    const valueStart = keyEnd + 1;
    if (valueStart >= text.length || ', '.includes(text[valueStart]!)) throw new PointError('missing tag value');
    at = scanTo(text, valueStart, '=, ');
    if (text[at] === '=') throw new PointError('invalid tag format');
  }
  if (at >= text.length) throw new PointError('missing fields');
  if (new Set(keys).size < keys.length) throw new PointError('duplicate tags');
  return at;
}

function isNumeric(char: string | undefined): boolean {
  return char !== undefined && /[0-9.]/.test(char);
}

const invalidNumber = 'invalid number';
/** A number with fewer digits is always in range. */
const safeDigits = { integer: 19, float: 25 };

function checkInteger(digits: string): void {
  if (digits.length < safeDigits.integer) return;
  const value = parseDecimal(digits);
  if (typeof value === 'string') throw new PointError(`unable to parse integer ${digits}: ${value}`);
}

/** Whether strconv.ParseFloat accepts it. */
function isFloat(text: string): boolean {
  return /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));
}

/** Scans a number as field value and returns its end. */
function scanNumber(text: string, start: number): number {
  const fail = (): never => {
    throw new PointError(invalidNumber);
  };
  let at = start;
  if (text[at] === '-' && ++at === text.length) fail();
  let [isInteger, isUnsigned, decimal, scientific] = [false, false, false, false];
  for (; at < text.length && text[at] !== ',' && text[at] !== ' '; at++) {
    const char = text[at]!;
    if ((char === 'i' || char === 'u') && at > start && !isInteger && !isUnsigned) {
      if (char === 'i') isInteger = true;
      else isUnsigned = true;
      continue;
    }
    if (char === '.') {
      if (decimal) fail();
      decimal = true;
    }
    if (at > start && /[eE]/.test(char)) {
      scientific = true;
      continue;
    }
    if (/[+-]/.test(char) && /[eE]/.test(text[at - 1]!)) continue;
    if (!isNumeric(char)) fail();
  }
  if (isUnsigned || (isInteger && (decimal || scientific))) fail();
  const signs = [isInteger, decimal, text[start] === '-'].filter(Boolean).length;
  if (at - start === signs) fail();
  if (isInteger) {
    if (text[at - 1] !== 'i') fail();
    checkInteger(text.slice(start, at - 1));
  } else if ((scientific || at - start >= safeDigits.float) && !isFloat(text.slice(start, at))) {
    throw new PointError('invalid float');
  }
  return at;
}

const booleans = new Set(['t', 'T', 'f', 'F', 'true', 'True', 'TRUE', 'false', 'False', 'FALSE']);

function scanBoolean(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== ',' && text[at] !== ' ') at++;
  if (!booleans.has(text.slice(start, at))) throw new PointError('invalid boolean');
  return at;
}

/** Scans the field value after an `=`; undefined for a string, which the caller skips. */
function scanValue(text: string, equals: number): number | undefined {
  const first = text[equals + 1];
  if (first === undefined || first === ',' || first === ' ') throw new PointError('missing field value');
  if (isNumeric(first) || first === '-' || first === 'N' || first === 'n') return scanNumber(text, equals + 1);
  return first === '"' ? undefined : scanBoolean(text, equals + 1);
}

/** Scans the fields: start and end. */
function scanFields(text: string, from: number): { start: number; end: number } {
  const start = skipWhite(text, from);
  let quoted = false;
  let [equals, commas] = [0, 0];
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === '\\' && at + 1 < text.length) {
      at += 2;
      continue;
    }
    if (char === '"' && equals > commas) quoted = !quoted;
    else if (char === '=' && !quoted) {
      equals++;
      if (/[ ,]/.test(text[at - 1]!) && text[at - 2] !== '\\') throw new PointError('missing field key');
      const end = scanValue(text, at);
      if (end !== undefined) {
        at = end;
        continue;
      }
    } else if (char === ',' && !quoted) commas++;
    else if (char === ' ' && !quoted) break;
    at++;
  }
  if (quoted) throw new PointError('unbalanced quotes');
  if (equals === 0 || commas !== equals - 1) throw new PointError('invalid field format');
  return { start, end: at };
}

/** The end of a field value as the check of key lengths reads it. */
function valueEnd(fields: string, start: number): number {
  let quoted = false;
  let at = start;
  while (at < fields.length) {
    if (fields[at] === '\\' && (fields[at + 1] === '"' || fields[at + 1] === '\\')) {
      at += 2;
      continue;
    }
    if (fields[at] === '"') quoted = !quoted;
    else if (fields[at] === ',' && !quoted) break;
    at++;
  }
  return Math.min(at, fields.length);
}

/** Checks key lengths, and that each key has a value (this scan differs slightly from the first). */
function checkFieldKeys(key: string, fields: string): void {
  for (let at = 0; at < fields.length;) {
    let equals = at;
    while (equals < fields.length && !(fields[equals] === '=' && (equals === at || isUnescaped(fields, equals))))
      equals++;
    const name = fields.slice(at, equals);
    if (equals > fields.length - 2) throw new PointError(`invalid value: field-key=${name}`);
    const size = key.length + fieldSeparator + name.length;
    if (size > maxKeyLength) throw new PointError(`max key length exceeded: ${size} > ${maxKeyLength}`);
    at = valueEnd(fields, equals + 1) + 1;
  }
}

const multipliers: Readonly<Record<string, bigint>> = {
  u: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const minTime = -(2n ** 63n) + 2n;
const maxTime = 2n ** 63n - 2n;

/** Checks the optional timestamp after the fields, and that nothing follows. */
function checkTime(text: string, from: number, precision: string): void {
  const start = skipWhite(text, from);
  const digits = /^-?[0-9]*/.exec(text.slice(start))![0];
  const end = start + digits.length;
  if (end < text.length && text[end] !== ' ' && text[end] !== '\n') throw new PointError('bad timestamp');
  if (digits === '') return;
  const value = parseDecimal(digits);
  if (typeof value === 'string') throw new PointError(value);
  const time = value * (Object.hasOwn(multipliers, precision) ? multipliers[precision]! : 1n);
  if (time < minTime || time > maxTime) throw new PointError(`time outside range ${minTime} - ${maxTime}`);
  if (!/^ *$/.test(text.slice(end))) throw new PointError('point is invalid');
}

function checkPoint(line: string, precision: string): void {
  const keyEnd = scanKey(line);
  const key = line.slice(0, keyEnd);
  if (keyEnd > maxKeyLength) throw new PointError(`max key length exceeded: ${keyEnd} > ${maxKeyLength}`);
  const { start, end } = scanFields(line, keyEnd);
  if (start === end) throw new PointError('missing fields');
  checkFieldKeys(key, line.slice(start, end));
  checkTime(line, end, precision);
}

function lineError(line: string, precision: string): string | undefined {
  try {
    checkPoint(line, precision);
    return undefined;
  } catch (fault) {
    if (!(fault instanceof PointError)) throw fault;
    return `unable to parse '${line}': ${fault.message}`;
  }
}

/**
 * The errors in a body of points, one line for each bad point; undefined if all are accepted, as in an empty body.
 * @param precision of the timestamps: n, u, ms, s, m, h; any other counts as n
 */
export function pointsError(body: string, precision: string): string | undefined {
  const faults: string[] = [];
  for (let at = 0; at < body.length;) {
    const end = lineEnd(body, at);
    const line = body.slice(skipWhite(body, at), end).replace(/\n$/, '');
    at = end + 1;
    if (line === '' || line.startsWith('#')) continue;
    const fault = lineError(line, precision);
    if (fault !== undefined) faults.push(fault);
  }
  return faults.length === 0 ? undefined : faults.join('\n');
}

/**
 * The response to a write whose points cannot be parsed; undefined if they can (services/httpd/handler.go, serveWrite,
 * serveWriteLine). Strings are binary.
 * @param encoding the header Content-Encoding
 */
export function writeBodyError(body: string, encoding: string, rawQuery: string): HandlerResponse | undefined {
  const points: GunzipResult = encoding === 'gzip' ? gunzip(body) : { ok: true, body };
  const precision = queryValue(parseUrlQuery(rawQuery), 'precision');
  const error = points.ok ? pointsError(points.body, precision) : points.error;
  return error === undefined ? undefined : { status: 400, text: `${error}\n` };
}
