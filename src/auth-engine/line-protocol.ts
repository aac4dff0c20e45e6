import { parseDecimal } from '../go-compat/strconv.js';
import { Buffer } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { parseUrlQuery, queryValue } from '../go-compat/url.js';
import type { HandlerResponse } from './trace.js';

/*
 * Which points InfluxDB's parser takes (influxdb 1.9.6, models/points.go, ParsePointsWithPrecision), and its words for
 * what it does not. Texts are binary; a place is an offset into them.
 */

/** Why a line is no point. */
class PointFault extends Error {}

const maxKeyLength = 65535;
/** Bytes between a series and a field in the key that is measured. */
const fieldSeparator = 4;

function isWhite(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\0';
}

function skipWhite(text: string, at: number): number {
  while (at < text.length && isWhite(text[at])) at++;
  return at;
}

/** The end of the line that begins at a place: a line end inside of a quoted field value does not count. */
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

function isPlain(text: string, at: number): boolean {
  return text[at - 1] !== '\\';
}

/** Reads to the next of some characters that no backslash precedes; the first character is never one. */
function scanTo(text: string, start: number, stops: string): number {
  let at = start + 1;
  while (at < text.length && !(stops.includes(text[at]!) && isPlain(text, at))) at++;
  return at;
}

/** Measurement and tags: where they end. Of a tag key twice is the one fault that is found last. */
function scanKey(text: string): number {
  if (text === '' || text[0] === ',') throw new PointFault('missing measurement');
  let at = scanTo(text, 0, ', ');
  const keys: string[] = [];
  while (text[at] === ',') {
    const keyStart = at + 1;
    if (keyStart >= text.length || ' ,='.includes(text[keyStart]!)) throw new PointFault('missing tag key');
    const keyEnd = scanTo(text, keyStart, ' ,=');
    if (text[keyEnd] !== '=') throw new PointFault('missing tag value');
    keys.push(text.slice(keyStart, keyEnd));
    const valueStart = keyEnd + 1;
    if (valueStart >= text.length || ', '.includes(text[valueStart]!)) throw new PointFault('missing tag value');
    at = scanTo(text, valueStart, '=, ');
    if (text[at] === '=') throw new PointFault('invalid tag format');
  }
  if (at >= text.length) throw new PointFault('missing fields');
  if (new Set(keys).size < keys.length) throw new PointFault('duplicate tags');
  return at;
}

function isNumeric(char: string | undefined): boolean {
  return char !== undefined && /[0-9.]/.test(char);
}

const invalidNumber = 'invalid number';
/** Digits below which a number is in range whatever it is. */
const safeDigits = { integer: 19, float: 25 };

function checkInteger(digits: string): void {
  if (digits.length < safeDigits.integer) return;
  const value = parseDecimal(digits);
  if (typeof value === 'string') throw new PointFault(`unable to parse integer ${digits}: ${value}`);
}

/** What strconv.ParseFloat takes of the characters that a number can have here. */
function isFloat(text: string): boolean {
  return /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));
}

/** A number as a field's value; returns where it ends. */
function scanNumber(text: string, start: number): number {
  const fail = (): never => {
    throw new PointFault(invalidNumber);
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
    throw new PointFault('invalid float');
  }
  return at;
}

const booleans = new Set(['t', 'T', 'f', 'F', 'true', 'True', 'TRUE', 'false', 'False', 'FALSE']);

function scanBoolean(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== ',' && text[at] !== ' ') at++;
  if (!booleans.has(text.slice(start, at))) throw new PointFault('invalid boolean');
  return at;
}

/** A field's value behind its `=` at a place; undefined where it is a string, which is read over with the rest. */
function scanValue(text: string, equals: number): number | undefined {
  const first = text[equals + 1];
  if (first === undefined || first === ',' || first === ' ') throw new PointFault('missing field value');
  if (isNumeric(first) || first === '-' || first === 'N' || first === 'n') return scanNumber(text, equals + 1);
  return first === '"' ? undefined : scanBoolean(text, equals + 1);
}

/** The fields: where they begin and end. */
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
      if (/[ ,]/.test(text[at - 1]!) && text[at - 2] !== '\\') throw new PointFault('missing field key');
      const end = scanValue(text, at);
      if (end !== undefined) {
        at = end;
        continue;
      }
    } else if (char === ',' && !quoted) commas++;
    else if (char === ' ' && !quoted) break;
    at++;
  }
  if (quoted) throw new PointFault('unbalanced quotes');
  if (equals === 0 || commas !== equals - 1) throw new PointFault('invalid field format');
  return { start, end: at };
}

/** The end of a field's value as the measuring of keys reads it. */
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

/** Keys must not be too long, and each must have a value as this reading, which differs a little, sees it. */
function checkFieldKeys(key: string, fields: string): void {
  for (let at = 0; at < fields.length;) {
    let equals = at;
    while (equals < fields.length && !(fields[equals] === '=' && (equals === at || isPlain(fields, equals)))) equals++;
    const name = fields.slice(at, equals);
    if (equals > fields.length - 2) throw new PointFault(`invalid value: field-key=${name}`);
    const size = key.length + fieldSeparator + name.length;
    if (size > maxKeyLength) throw new PointFault(`max key length exceeded: ${size} > ${maxKeyLength}`);
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

/** The time behind the fields, if any, and nothing behind it. */
function checkTime(text: string, from: number, precision: string): void {
  const start = skipWhite(text, from);
  const digits = /^-?[0-9]*/.exec(text.slice(start))![0];
  const end = start + digits.length;
  if (end < text.length && text[end] !== ' ' && text[end] !== '\n') throw new PointFault('bad timestamp');
  if (digits === '') return;
  const value = parseDecimal(digits);
  if (typeof value === 'string') throw new PointFault(value);
  const time = value * (Object.hasOwn(multipliers, precision) ? multipliers[precision]! : 1n);
  if (time < minTime || time > maxTime) throw new PointFault(`time outside range ${minTime} - ${maxTime}`);
  if (!/^ *$/.test(text.slice(end))) throw new PointFault('point is invalid');
}

function checkPoint(line: string, precision: string): void {
  const keyEnd = scanKey(line);
  const key = line.slice(0, keyEnd);
  if (keyEnd > maxKeyLength) throw new PointFault(`max key length exceeded: ${keyEnd} > ${maxKeyLength}`);
  const { start, end } = scanFields(line, keyEnd);
  if (start === end) throw new PointFault('missing fields');
  checkFieldKeys(key, line.slice(start, end));
  checkTime(line, end, precision);
}

function lineError(line: string, precision: string): string | undefined {
  try {
    checkPoint(line, precision);
    return undefined;
  } catch (fault) {
    if (!(fault instanceof PointFault)) throw fault;
    return `unable to parse '${line}': ${fault.message}`;
  }
}

/**
 * What is wrong with a body of points, a line for each bad one; undefined where all are taken, as of an empty body.
 * @param precision of the times: n, u, ms, s, m, h; any other counts as n
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

type PointsResult = { readonly ok: true; readonly body: string } | { readonly ok: false; readonly error: string };

/** More than this is not decompressed. */
const maxDecompressed = 256 * 1024 * 1024;

interface Decompressed {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function gzipError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return 'unexpected EOF';
  return /incorrect (header|data|length) check/.test(message)
    ? `gzip: invalid ${/header/.test(message) ? 'header' : 'checksum'}`
    : 'flate: corrupt input';
}

/** compress/gzip: one stream behind the other, and nothing behind the last. */
function decompress(body: string): PointsResult {
  if (body === '') return { ok: false, error: 'EOF' };
  const bytes = Buffer.from(body, 'latin1');
  try {
    const options = { info: true, maxOutputLength: maxDecompressed };
    // The option `info` is not in the types of what is returned.
    const { buffer, engine } = gunzipSync(bytes, options) as unknown as Decompressed;
    if (engine.bytesWritten < bytes.length) return { ok: false, error: 'gzip: invalid header' };
    return { ok: true, body: buffer.toString('latin1') };
  } catch (error) {
    return { ok: false, error: gzipError(error) };
  }
}

/**
 * What is responded to a write whose points cannot be read; undefined where they can (services/httpd/handler.go,
 * serveWrite, serveWriteLine). All strings are binary.
 * @param encoding the header Content-Encoding
 */
export function writeBodyError(body: string, encoding: string, rawQuery: string): HandlerResponse | undefined {
  const points: PointsResult = encoding === 'gzip' ? decompress(body) : { ok: true, body };
  const precision = queryValue(parseUrlQuery(rawQuery), 'precision');
  const error = points.ok ? pointsError(points.body, precision) : points.error;
  return error === undefined ? undefined : { status: 400, text: `${error}\n` };
}
