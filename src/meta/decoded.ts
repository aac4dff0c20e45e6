/** A text as bytes (a binary string), each with the place in the text where it came from. */
export interface Decoded {
  readonly bytes: string;
  /** One more than bytes: the last is the text's length. */
  readonly starts: readonly number[];
}

/** The bytes of a text in UTF-8. */
export function encoded(text: string): Decoded {
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
function decodedBy(pattern: RegExp, meaning: Meaning): (from: Decoded) => Decoded {
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
      const meant = meaning(...match);
      all += meant;
      for (let i = 0; i < meant.length; i++) places.push(starts[match.index] ?? 0);
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

/** A text in every way in which it may be meant: as it stands, percent-encoded, within JSON once or twice, within HTML. */
export function readings(text: string): readonly Decoded[] {
  const plain = encoded(text);
  if (!/[\\%&+]/.test(text)) return [plain];
  const [once, query] = [json(plain), percent(spaced(plain))];
  return [plain, percent(plain), query, json(query), once, json(once), percent(once), html(plain)];
}
