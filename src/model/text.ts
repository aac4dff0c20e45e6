import { usageError } from '../errors.js';

/** At most `limit` characters of a string, with `…` if truncated. */
export function excerpt(text: string, limit = 200): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

/** `1 node`, `3 nodes`. */
export function pluralize(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function hasControls(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f]/.test(text);
}

/** A name in quotes, with its quotes and backslashes escaped. */
export function quoteName(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** A name in a sentence: plain, or quoted where its ends would be unclear; at most about 100 characters. */
export function showName(name: string): string {
  if (/^[\w.@+-]{1,100}$/.test(name)) return name;
  if (/^[\p{L}\p{N}_.@+-]{1,100}$/u.test(name)) return name;
  return quoteName(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

/** At most `max` items of a list, and the number of the rest: `a, b and 3 more`. */
export function listSome(items: readonly string[], max: number, separator: ', ' | '; ' = ', '): string {
  const shown = items.slice(0, max).join(separator);
  if (items.length <= max) return shown;
  return `${shown}${separator === '; ' ? ';' : ''} and ${items.length - max} more`;
}

/** At most `max` lines, and one with the number of the rest. */
export function someLines(lines: readonly string[], max: number): readonly string[] {
  return lines.length > max ? [...lines.slice(0, max), `and ${lines.length - max} more`] : lines;
}

/** Several quoted names, at most `max`, and the number of the rest. */
export function quoteNames(names: readonly string[], max = 10): string {
  return listSome(names.map(quoteName), max);
}

/** A file in a sentence: its full path, quoted where its ends would be unclear. */
export function showFile(file: string): string {
  return /^[\p{L}\p{N}_.@+/-]+$/u.test(file) ? file : quoteName(file);
}

/** Several names in a sentence, at most `max`, and the number of the rest. */
export function showNames(names: readonly string[], max = 10): string {
  return listSome(names.map(showName), max);
}

/** A permission in a sentence: `KapacitorAPI`, or `ReadData on telegraf`. */
export function showPermission(permission: string, scope: string): string {
  return scope === '' ? showName(permission) : `${showName(permission)} on ${showName(scope)}`;
}

// Expressions with properties of Unicode stand in functions: to make one takes a millisecond, and most texts are ASCII.

/** What does not show, or moves what does: Unicode's own properties say which; a space that is not U+0020 looks like it. */
function hasHidden(text: string): boolean {
  return /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u.test(text);
}

function hasMark(text: string): boolean {
  return /\p{M}/u.test(text);
}

/** Whether a combining mark may follow: on a quote or a space it would change our own text. */
function isCarrier(char: string): boolean {
  return /^[\p{L}\p{N}]$/u.test(char);
}

/** More marks on one character would cover the lines around it. */
const maxMarks = 4;

const printableAscii = /^[ -~]*$/;

/** How a format writes a character that must not be written as it is. */
export type EscapedForm = (char: string) => string;

function escapeCluster(cluster: string, form: EscapedForm): string {
  const [base = '', ...marks] = cluster;
  const isBaseShown = !hasHidden(base) && base.normalize('NFC') === base;
  const isComposed = cluster.normalize('NFC') === cluster;
  let shows = isBaseShown && isComposed && isCarrier(base);
  let text = isBaseShown && !hasMark(base) ? base : form(base);
  for (const [i, mark] of marks.entries()) {
    shows &&= i < maxMarks && !hasHidden(mark);
    text += shows ? mark : form(mark);
  }
  return text;
}

/**
 * A text with every character escaped that does not show, moves what shows, or would make two different texts look the
 * same: control, format, direction, private and unassigned characters, all spaces but one, variation selectors and
 * joiners, marks without a letter, and characters in a form that Unicode holds equal to another (NFC).
 * @param form how the escape is written
 */
export function escapeHidden(text: string, form: EscapedForm): string {
  if (printableAscii.test(text) || (!hasHidden(text) && !hasMark(text) && text.normalize('NFC') === text)) return text;
  // A character with the marks that combine with it, Hangul vowels and finals included.
  const clusters = /[^\p{M}\u1160-\u11ff\ud7b0-\ud7ff]?[\p{M}\u1160-\u11ff\ud7b0-\ud7ff]*/gu;
  return text.replace(clusters, (cluster) =>
    cluster === '' || printableAscii.test(cluster) ? cluster : escapeCluster(cluster, form),
  );
}

/** `\xNN`, `\uNNNN` or `\u{NNNNN}`. */
function terminalForm(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x1_0000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

/** `\uNNNN` for each UTF-16 unit: as JSON and JavaScript read it. */
export function jsonForm(char: string): string {
  return char.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A backslash that would look like one of ours. */
const escapeLike = /\\(?=x[0-9a-f]{2}|u[0-9a-f]{4}|u\{)/g;

/**
 * A name alone in a cell: as `escapeText`; leading, trailing and repeated spaces are escaped too, as is a backslash
 * that would look like an escape.
 */
export function escapeName(name: string): string {
  return name
    .split(escapeLike)
    .map(escapeText)
    .join('\\x5c')
    .replace(/^ | (?= )| $/g, '\\x20');
}

/** Whether a text shows as it is. */
export function isShownAsItIs(text: string): boolean {
  return escapeHidden(text, terminalForm) === text;
}

/**
 * The one form in which text reaches a terminal: a single line. Texts inside the program are never escaped; what prints
 * them calls this (src/output).
 */
export function escapeText(text: string): string {
  return escapeHidden(text, terminalForm);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(swap, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}

/** The candidate nearest to `word` (ignoring case), or undefined if none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > 100) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let minDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const candidateDistance = distance(lower, candidate.toLowerCase());
    if (candidateDistance < minDistance) {
      minDistance = candidateDistance;
      best = candidate;
    }
  }
  return best;
}

/** The items of a comma-separated word, `a,b`. A comma in a name is escaped with a backslash: `Doe\, John`. */
export function splitList(text: string): readonly string[] {
  const items = [...text.matchAll(/(?:\\,|[^,])+/g)].map(([item]) => item.replaceAll('\\,', ','));
  return items.length === 0 ? [text] : items;
}

/** For a flag that may be repeated. */
export function collectValue(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** For a repeatable flag or argument with a list, `a,b`. */
export function collectList(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...splitList(value)];
}

/** A name as an item of a list, the inverse of `splitList`. */
export function listItem(name: string): string {
  return name.replaceAll(',', '\\,');
}

interface ListPlaces {
  /** The position from which its arguments are lists. */
  readonly from: number;
  readonly flags?: readonly string[];
}

/** The arguments and flags that are lists. */
export const listPlaces: ReadonlyMap<string, ListPlaces> = new Map([
  ['user create', { from: 0, flags: ['--grant', '--role', '--db'] }],
  ['user delete', { from: 0 }],
  ['user grant', { from: 1, flags: ['--db', '--preset'] }],
  ['user revoke', { from: 1, flags: ['--db'] }],
  ['user rotate', { from: 0, flags: ['--except'] }],
  ['role create', { from: 0, flags: ['--grant', '--user', '--db'] }],
  ['role delete', { from: 0 }],
  ['role grant', { from: 1, flags: ['--db', '--preset'] }],
  ['role revoke', { from: 1, flags: ['--db'] }],
  ['role add-users', { from: 1 }],
  ['role remove-users', { from: 1 }],
  ['profile remove', { from: 0 }],
  ['auth flush', { from: 0 }],
  ['acl restrict', { from: 0 }],
  ['acl grant', { from: 0, flags: ['--user', '--role'] }],
  ['plan', { from: Infinity, flags: ['--fail-on-gain'] }],
  ['auth matrix', { from: Infinity, flags: ['--user', '--endpoint', '--method', '--db'] }],
]);

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
