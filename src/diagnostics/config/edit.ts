import type { ConfigField, ConfigSection } from '../../kapacitor-config/fields.js';
import type { ConfigOutline, WrittenKey } from '../../kapacitor-config/read-and-validate.js';

/** A range of the file's text and its replacement. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with edits that do not overlap; of two at one place the first comes first. */
export function applyTextEdits(text: string, edits: readonly Edit[]): string {
  let done = '';
  let at = 0;
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => a.start - b.start)) {
    done += text.slice(at, start) + replacement;
    at = end;
  }
  return done + text.slice(at);
}

// What TOML wants escaped, and what a terminal would not show as it is.
const unsafe = /["\\\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text as a TOML basic string. */
export function tomlString(text: string): string {
  const escaped = text.replace(unsafe, (char) => {
    return char === '"' || char === '\\' ? `\\${char}` : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** The keys of a file that the daemon takes for a field. */
export function writtenKeys(file: ConfigOutline, section: ConfigSection, field: ConfigField): readonly WrittenKey[] {
  return file.keys.filter((key) => key.knownSection === section && key.field === field);
}

function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The end of the line at an offset, before its line end. */
function endOfLine(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  const end = found < 0 ? text.length : found;
  return text.charAt(end - 1) === '\r' && end > at ? end - 1 : end;
}

function startOfLine(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The names before the last one of a dotted key. */
export function namesBefore({ text: { spelt } }: WrittenKey): string {
  return /^(.*\.\s*)[^.]*$/s.exec(spelt)?.[1] ?? '';
}

/** The text before a key on its line: blanks and the names of a dotted key. */
function linePrefix(text: string, key: WrittenKey): string {
  const { start } = key.text;
  return `${/[ \t]*$/.exec(text.slice(startOfLine(text, start), start))?.[0] ?? ''}${namesBefore(key)}`;
}

/** A new line below another, or after a last line without a line end. */
function lineBelow(text: string, at: number, line: string): Edit {
  const end = endOfLine(text, at);
  return { start: end, end, text: `${lineEndOf(text)}${line}` };
}

function appendSection(text: string, section: ConfigSection, line: string): Edit {
  const lineEnd = lineEndOf(text);
  const before = text === '' ? '' : text.endsWith('\n') ? lineEnd : `${lineEnd}${lineEnd}`;
  return { start: text.length, end: text.length, text: `${before}[${section}]${lineEnd}  ${line}${lineEnd}` };
}

/**
 * A new key at the end of its section, which is created if missing; undefined in an inline table. In a section with a
 * header the key goes below the header: after two dotted keys the daemon's decoder would read a duplicate section.
 */
export function insertKey(file: ConfigOutline, section: ConfigSection, key: string, literal: string): Edit | undefined {
  const { text } = file;
  const line = `${key} = ${literal}`;
  const keys = file.keys.filter((one) => one.knownSection === section);
  const headers = file.sections.filter((one) => one.known === section);
  const isPlain = (one: WrittenKey): boolean => !one.isInline && (headers.length === 0 || namesBefore(one) === '');
  const last = keys.findLast(isPlain);
  if (last !== undefined) return lineBelow(text, last.value.end, `${linePrefix(text, last)}${line}`);
  if (
    keys.some((one) => one.isInline) ||
    file.keys.some((one) => one.section === '' && one.key.toLowerCase() === section)
  ) {
    return undefined;
  }
  if (headers.some(({ isArray }) => isArray)) return undefined;
  const [header] = headers;
  return header === undefined ? appendSection(text, section, line) : lineBelow(text, header.text.end, `  ${line}`);
}

/** Sets a field in the file: its value where it is written once, else a new key; undefined where that is not plain. */
export function setField(
  file: ConfigOutline,
  section: ConfigSection,
  field: ConfigField,
  literal: string,
): readonly Edit[] | undefined {
  const [written, ...more] = writtenKeys(file, section, field);
  if (more.length > 0) return undefined;
  if (written !== undefined) return [{ ...rangeOf(written.value), text: literal }];
  const edit = insertKey(file, section, field.key, literal);
  return edit === undefined ? undefined : [edit];
}

function rangeOf({ start, end }: { readonly start: number; readonly end: number }): {
  start: number;
  end: number;
} {
  return { start, end };
}

/** Removes a key, with its line if that has nothing else. */
export function removeKey({ text }: ConfigOutline, key: WrittenKey): readonly Edit[] | undefined {
  if (key.isInline) return undefined;
  const start = startOfLine(text, key.text.start);
  const lineEnd = text.indexOf('\n', key.value.end);
  const end = lineEnd < 0 ? text.length : lineEnd + 1;
  const alone = /^[ \t]*$/.test(text.slice(start, key.text.start)) && /^\s*$/.test(text.slice(key.value.end, end));
  return [{ ...(alone ? { start, end } : { start: key.text.start, end: key.value.end }), text: '' }];
}

/** A key that can be cut out with its line. */
export function hasOwnLine(
  { text }: ConfigOutline,
  { text: { start }, value: { end, raw }, isInline }: WrittenKey,
): boolean {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const behind = /^[^\n]*/.exec(text.slice(end))?.[0] ?? '';
  return !isInline && !raw.includes('\n') && before.trim() === '' && /^\s*(?:#.*)?$/.test(behind);
}

/** A line of a diff. */
interface Row {
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

const contextLines = 3;
const maxCells = 4_000_000;

function prefix(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return same;
}

function marked(mark: Row['mark'], lines: readonly string[]): Row[] {
  return lines.map((line) => ({ mark, line }));
}

/** A diff by the longest common subsequence; very long lists differ completely. */
function rowsOf(a: readonly string[], b: readonly string[]): readonly Row[] {
  if (a.length * b.length > maxCells) return [...marked('-', a), ...marked('+', b)];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      rows.push({ mark: ' ', line: left });
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      rows.push({ mark: '-', line: left });
      i++;
    } else {
      rows.push({ mark: '+', line: right ?? '' });
      j++;
    }
  }
  return rows;
}

/** Where the lines that are shown begin and end: changed ones and those around them. */
function hunksOf(rows: readonly Row[]): readonly (readonly [from: number, to: number])[] {
  const hunks: [number, number][] = [];
  for (const [i, { mark }] of rows.entries()) {
    if (mark === ' ') continue;
    const last = hunks.at(-1);
    const [from, to] = [Math.max(0, i - contextLines), Math.min(rows.length, i + contextLines + 1)];
    if (last !== undefined && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

/** The lines of a string; the last one says if it has no newline. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

/** The differences as in `diff -u`, without file names; empty if equal. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return '';
  const [a, b] = [linesOf(before), linesOf(after)];
  const start = prefix(a, b);
  const end = prefix(a.slice(start).reverse(), b.slice(start).reverse());
  const middle = rowsOf(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const rows = [...marked(' ', a.slice(0, start)), ...middle, ...marked(' ', a.slice(a.length - end))];
  const old = (row: Row): boolean => row.mark !== '+';
  return hunksOf(rows)
    .map(([from, to]) => {
      const [skipped, shown] = [rows.slice(0, from), rows.slice(from, to)];
      const [first, second] = [skipped.filter(old).length + 1, skipped.filter(({ mark }) => mark !== '-').length + 1];
      const [left, right] = [shown.filter(old).length, shown.filter(({ mark }) => mark !== '-').length];
      const lines = shown.map(({ mark, line }) => `${mark}${line}\n`).join('');
      return `@@ -${first},${left} +${second},${right} @@\n${lines}`;
    })
    .join('');
}
