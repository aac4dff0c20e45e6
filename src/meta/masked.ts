import { encoded, readings, type Decoded } from './decoded.js';

// A longer secret is found by its beginning; what stands after that is dropped.
const needleLimit = 1000;
/** Bytes at the end of a text that was cut which give away the beginning of a secret. */
const fewest = 4;

type Range = readonly [start: number, end: number];

/** The stretch of a base64 text that a secret alone decides, wherever in the bytes it begins. */
function base64Forms(secret: string): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    const form = whole.slice(offset === 0 ? 0 : 4);
    return form.length < fewest ? [] : [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** A secret as it is, and as JSON of JavaScript and of Go has it: so it stands in a body that is shown in hex or base64. */
function inBodies(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const go = json.replaceAll(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  return [...new Set([secret, json, go])];
}

/** Where a needle stands; a long one counts with all that follows it. */
function rangesOf({ bytes, starts }: Decoded, needle: string, isCut: boolean): readonly Range[] {
  const end = starts.at(-1) ?? 0;
  const isLong = needle.length > needleLimit;
  const wanted = isLong ? needle.slice(0, needleLimit) : needle;
  const ranges: Range[] = [];
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length)) {
    if (isLong) return [...ranges, [starts[at] ?? 0, end]];
    ranges.push([starts[at] ?? 0, starts[at + wanted.length] ?? end]);
  }
  if (isCut) {
    for (let count = Math.min(wanted.length - 1, bytes.length); count >= fewest; count--) {
      if (bytes.endsWith(wanted.slice(0, count))) return [...ranges, [starts[bytes.length - count] ?? 0, end]];
    }
  }
  return ranges;
}

/** The text with each range replaced by `***`; ranges may overlap. */
function replaceRanges(text: string, ranges: readonly Range[]): string {
  let masked = '';
  let last = 0;
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (start >= last) masked += `${text.slice(last, start)}***`;
    last = Math.max(last, end);
  }
  return masked + text.slice(last);
}

/**
 * Replaces each secret by `***`: as it is, percent-encoded, as JSON or HTML has it, in hex, and in base64 at any place.
 * @param isCut the text is the beginning of a longer one: half a secret may stand at its end
 */
export function maskSecrets(text: string, secrets: readonly string[], isCut = false): string {
  const given = [...new Set(secrets)].filter((secret) => secret !== '');
  if (given.length === 0 || text === '') return text;
  const meant = readings(text);
  const plain = encoded(text);
  const lower = { ...plain, bytes: plain.bytes.toLowerCase() };
  const ranges = given.flatMap((secret) => [
    ...meant.flatMap((reading) => rangesOf(reading, encoded(secret).bytes, isCut)),
    ...inBodies(secret).flatMap((text) => [
      ...(text.length < fewest ? [] : rangesOf(lower, Buffer.from(text).toString('hex'), isCut)),
      ...base64Forms(text).flatMap((form) => rangesOf(plain, form, isCut)),
    ]),
  ]);
  return replaceRanges(text, ranges);
}

/** The forms that a secret has in a host name: a URL writes those in lower case and in punycode. */
function inHosts(secret: string): readonly string[] {
  const forms = [secret, ...inBodies(secret).flatMap(base64Forms)].map((form) => form.toLowerCase());
  const url = `http://${secret}`;
  return [...new Set([...forms, ...(URL.canParse(url) ? [new URL(url).hostname] : [])])];
}

/** As `maskSecrets`, for the origin or the host of a URL that a server named. */
export function maskHost(text: string, secrets: readonly string[]): string {
  const lower = encoded(text.toLowerCase());
  const given = [...new Set(secrets)].filter((secret) => secret !== '');
  const ranges = given.flatMap((secret) =>
    inHosts(secret).flatMap((form) => rangesOf(lower, encoded(form).bytes, false)),
  );
  return maskSecrets(replaceRanges(text, ranges), secrets);
}
