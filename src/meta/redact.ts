import { excerpt } from '../model/text.js';
import { tryParseUrl } from '../model/urls.js';

// A longer secret is found by its prefix; everything after it is dropped.
const maxNeedleLength = 1000;
/** Bytes at the end of a truncated string that would reveal the beginning of a secret. */
const minCutBytes = 4;

type Range = readonly [start: number, end: number];

/** The part of a base64 string that depends on the secret alone, at any offset. */
function base64Forms(secret: string): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const padded = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    const form = padded.slice(offset === 0 ? 0 : 4);
    return form.length < minCutBytes ? [] : [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** A secret as it is, and as JavaScript's and Go's JSON encode it, in a body shown in hex or base64. */
function bodyForms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const go = json.replaceAll(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  return [...new Set([secret, json, go])];
}

/** The ranges of a needle; a long one includes everything that follows. */
function rangesOf({ bytes, starts }: MappedBytes, needle: string, isCut: boolean): readonly Range[] {
  const end = starts.at(-1) ?? 0;
  const isLong = needle.length > maxNeedleLength;
  const searched = isLong ? needle.slice(0, maxNeedleLength) : needle;
  const ranges: Range[] = [];
  for (let at = bytes.indexOf(searched); at >= 0; at = bytes.indexOf(searched, at + searched.length)) {
    if (isLong) return [...ranges, [starts[at] ?? 0, end]];
    ranges.push([starts[at] ?? 0, starts[at + searched.length] ?? end]);
  }
  if (isCut) {
    for (let count = Math.min(searched.length - 1, bytes.length); count >= minCutBytes; count--) {
      if (bytes.endsWith(searched.slice(0, count))) return [...ranges, [starts[bytes.length - count] ?? 0, end]];
    }
  }
  return ranges;
}

/** The string with each range replaced by `***`; ranges may overlap. */
function replaceRanges(text: string, ranges: readonly Range[]): string {
  let redacted = '';
  let last = 0;
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (start >= last) redacted += `${text.slice(last, start)}***`;
    last = Math.max(last, end);
  }
  return redacted + text.slice(last);
}

/**
 * Replaces each secret by `***`: as it is, percent-encoded, as JSON or HTML has it, in hex, and in base64 at any place.
 * @param isCut the string was truncated: it may end in part of a secret
 */
export function redact(text: string, secrets: readonly string[], isCut = false): string {
  const known = [...new Set(secrets)].filter((secret) => secret !== '');
  if (known.length === 0 || text === '') return text;
  const plain = toMappedBytes(text);
  const decoded = decodings(plain);
  const lower = { ...plain, bytes: plain.bytes.toLowerCase() };
  const ranges = known.flatMap((secret) => {
    const needle = toMappedBytes(secret).bytes;
    return [
      ...decoded.flatMap((reading) => rangesOf(reading, needle, isCut)),
      ...bodyForms(secret).flatMap((form) => [
        ...(form.length < minCutBytes ? [] : rangesOf(lower, Buffer.from(form).toString('hex'), isCut)),
        ...base64Forms(form).flatMap((part) => rangesOf(plain, part, isCut)),
      ]),
    ];
  });
  return replaceRanges(text, ranges);
}

/** The forms that a secret has in a host name: a URL writes those in lower case and in punycode. */
function hostForms(secret: string): readonly string[] {
  const forms = [secret, ...bodyForms(secret).flatMap(base64Forms)].map((form) => form.toLowerCase());
  const url = tryParseUrl(`http://${secret}`);
  return [...new Set([...forms, ...(url === undefined ? [] : [url.hostname])])];
}

/** As `redact`, for the origin or the host of a URL that a server named. */
export function redactHost(text: string, secrets: readonly string[]): string {
  const lower = toMappedBytes(text.toLowerCase());
  const known = [...new Set(secrets)].filter((secret) => secret !== '');
  const ranges = known.flatMap((secret) =>
    hostForms(secret).flatMap((form) => rangesOf(lower, toMappedBytes(form).bytes, false)),
  );
  return redact(replaceRanges(text, ranges), secrets);
}

/** The bytes of a string (as a binary string), each with its position in the original. */
export interface MappedBytes {
  readonly bytes: string;
  /** One more than bytes: the last is the length of the string. */
  readonly starts: readonly number[];
}

/** The UTF-8 bytes of a string. */
function toMappedBytes(text: string): MappedBytes {
  const starts: number[] = [];
  let bytes = '';
  let at = 0;
  for (const char of text) {
    const more = char < '\u0080' ? char : Buffer.from(char).toString('latin1');
    for (let i = 0; i < more.length; i++) starts.push(at);
    bytes += more;
    at += char.length;
  }
  return { bytes, starts: [...starts, at] };
}

type Meaning = (...groups: readonly (string | undefined)[]) => string;

/** The same with each match of a pattern as the bytes that it means. */
function decodedBy(pattern: RegExp, meaning: Meaning): (from: MappedBytes) => MappedBytes {
  return ({ bytes, starts }) => {
    let all = '';
    let last = 0;
    const places: number[] = [];
    const keep = (end: number): void => {
      all += bytes.slice(last, end);
      for (let i = last; i < end; i++) places.push(starts[i] ?? 0);
    };
    for (const match of bytes.matchAll(pattern)) {
      keep(match.index);
      const decoded = meaning(...match);
      all += decoded;
      for (let i = 0; i < decoded.length; i++) places.push(starts[match.index] ?? 0);
      last = match.index + match[0].length;
    }
    keep(bytes.length);
    return { bytes: all, starts: [...places, starts.at(-1) ?? 0] };
  };
}

function utf8(...units: readonly number[]): string {
  return Buffer.from(String.fromCharCode(...units)).toString('latin1');
}

const simple: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
]);
const named: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

const spaced = decodedBy(/\+/g, () => ' ');
const percent = decodedBy(/%([0-9a-f]{2})/gi, (_, hex = '') => String.fromCharCode(Number.parseInt(hex, 16)));
const json = decodedBy(
  /\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u([0-9a-f]{4})|\\([^u])/gis,
  (_, high, low, unit, char = '') => {
    if (high !== undefined && low !== undefined) return utf8(Number.parseInt(high, 16), Number.parseInt(low, 16));
    return unit === undefined ? (simple.get(char) ?? char) : utf8(Number.parseInt(unit, 16));
  },
);
const html = decodedBy(/&(?:#(\d{1,4})|#x([0-9a-f]{1,4})|(lt|gt|amp|quot|apos));/gi, (_, decimal, hex, name = '') => {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return Number.isNaN(code) ? (named.get(name.toLowerCase()) ?? '') : utf8(code);
});

/** All decodings of a string: as it is, percent-encoded, within JSON once or twice, within HTML. */
function decodings(plain: MappedBytes): readonly MappedBytes[] {
  if (!/[\\%&+]/.test(plain.bytes)) return [plain];
  const [once, query] = [json(plain), percent(spaced(plain))];
  return [plain, percent(plain), query, json(query), once, json(once), percent(once), html(plain)];
}

const urlLimit = 300;
const secretParameters = new Set(['password', 'p']);

/** The URL of a request as it may be shown: no passwords, and of one line. */
export function displayUrl(origin: string, path: string): string {
  const [bare = '', query] = path.split('?', 2);
  if (query === undefined) return excerpt(origin + bare, urlLimit);
  const displayed = query.split('&').map((pair) => {
    const [name = ''] = pair.split('=', 1);
    return secretParameters.has(name) ? `${name}=***` : pair;
  });
  return excerpt(`${origin}${bare}?${displayed.join('&')}`, urlLimit);
}

/** A name of a server's or user's making, quoted for a message. */
export function quoteExcerpt(name: string): string {
  return `"${excerpt(name, 100)}"`;
}

const hashField = /("(?:hash|password)"\s*:\s*")(?:[^"\\]|\\.)*/gis;
/** A hash in another shape than a server gives it: its end is not known. */
const hashValue = /("(?:hash|password)"\s*:\s*)(?!["\s]|null\b)[^]*/i;
const hashText = /\$[a-z0-9-]+\$[^"\s]{8,}/gi;

const window = 8192;

/** What a server sent, short and safe to print: secrets and hashes masked, control characters escaped. */
export function displayBody(body: Uint8Array, secrets: readonly string[], limit = 120): string {
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, window)).toString('utf8');
  // In UTF-16 every letter has a NUL next to it, so no secret would match.
  const redacted = redact(text.replaceAll('\0', ''), secrets, body.byteLength > window)
    .replace(hashField, '$1***')
    .replace(hashValue, '$1***')
    .replace(hashText, '***');
  return excerpt(redacted.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''), limit);
}
