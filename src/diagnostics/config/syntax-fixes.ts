import { type ConfigField, type ConfigSection, findField, findSection } from '../../kapacitor-config/fields.js';
import { type ConfigOutline, outlineConfig, readConfiguration } from '../../kapacitor-config/read-and-validate.js';
import { type Edit, tomlString } from './edit.js';
import { suggestField } from './spelling.js';
import { parseGoDuration } from '../../go-compat/duration.js';

interface Line {
  readonly start: number;
  readonly text: string;
}

function lineAt(text: string, number: number): Line | undefined {
  let start = 0;
  for (let line = 1; line < number; line++) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  const end = text.indexOf('\n', start);
  return { start, text: text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '') };
}

function fieldAt(file: ConfigOutline, start: number, key: string): ConfigField | undefined {
  const section = file.sections.findLast(({ text }) => text.start < start)?.known;
  return section === undefined ? undefined : (findField(section, key) ?? suggestField(section, key));
}

const maxLineLength = 1000;

/** `key: value`, a value with missing or wrong quotes, a switch other than `true` or `false`. */
function fixedEntry(file: ConfigOutline, { start, text }: Line): string | undefined {
  const [, lead = '', key = '', raw = '', comment = ''] =
    /^(\s*)"?([A-Za-z0-9_-]+)"?\s*[:=]?[:=\s]\s*([^#]*?)(\s*#.*)?$/.exec(text) ?? [];
  const field = fieldAt(file, start, key);
  const literal = field === undefined || raw === '' ? undefined : fixedLiteral(field, raw);
  return literal === undefined ? undefined : `${lead}${key} = ${literal}${comment}`;
}

/** `[http`, `http]`, `[ [http]`. */
function fixedHeader(text: string): string | undefined {
  const [, lead = '', name = '', comment = ''] = /^(\s*)[[\s]*([A-Za-z]+)[\]\s]*?(\s*#.*)?$/.exec(text) ?? [];
  return findSection(name) === undefined || !/[[\]]/.test(text) ? undefined : `${lead}[${name}]${comment}`;
}

function parsesFurther(edited: string, file: ConfigOutline): boolean {
  const { fault, keys } = outlineConfig(edited, file.version);
  if (fault === undefined) return true;
  return fault.line > (file.fault?.line ?? 0) || keys.length > file.keys.length;
}

/** The same key once more with the same value: its second line goes. */
function removeRepeated(file: ConfigOutline, { start, text }: Line): Edit | undefined {
  const { fault } = file;
  const first = file.keys.find(({ section, key }) => `${section}.${key}` === fault?.lastKey);
  if (first === undefined || fault?.message.endsWith('has already been defined.') !== true) return undefined;
  const [, raw] = /^[^=]*=\s*(.*?)\s*$/.exec(text) ?? [];
  const end = file.text.indexOf('\n', start);
  return raw === first.value.raw ? { start, end: end < 0 ? file.text.length : end + 1, text: '' } : undefined;
}

/** What fixes the line at which the parser stopped, or the one before; undefined where it is not one of the usual slips. */
export function fixSyntax(file: ConfigOutline): readonly Edit[] | undefined {
  const { fault, text } = file;
  if (fault === undefined) return undefined;
  for (const number of [fault.line, fault.line - 1]) {
    const line = number < 1 ? undefined : lineAt(text, number);
    if (line === undefined || line.text.length > maxLineLength) continue;
    const end = line.start + line.text.length;
    const replacements = [fixedHeader(line.text), fixedEntry(file, line)];
    const edits = replacements.flatMap((replacement): Edit[] => {
      return replacement === undefined ? [] : [{ start: line.start, end, text: replacement }];
    });
    const again = removeRepeated(file, line);
    const all = again === undefined ? edits : [again, ...edits];
    const fixing = all.find((edit) =>
      parsesFurther(text.slice(0, edit.start) + edit.text + text.slice(edit.end), file),
    );
    if (fixing !== undefined) return [fixing];
  }
  return undefined;
}

const words: ReadonlyMap<string, string> = new Map([
  ...['true', 'yes', 'on', '1', 't', 'y'].map((word) => [word, 'true'] as const),
  ...['false', 'no', 'off', '0', 'f', 'n'].map((word) => [word, 'false'] as const),
]);

const units: readonly (readonly [names: readonly string[], unit: string, times: number])[] = [
  [['w', 'week', 'weeks'], 'h', 168],
  [['d', 'day', 'days'], 'h', 24],
  [['h', 'hr', 'hrs', 'hour', 'hours'], 'h', 1],
  [['m', 'min', 'mins', 'minute', 'minutes'], 'm', 1],
  [['s', 'sec', 'secs', 'second', 'seconds'], 's', 1],
  [['ms', 'msec', 'millisecond', 'milliseconds'], 'ms', 1],
];

/** A duration in the daemon's form; undefined if ambiguous, such as one without a unit. */
export function fixedDuration(text: string): string | undefined {
  if (text.length > 60) return undefined;
  const compact = text.replaceAll(/[\s,]|and/g, '');
  if (!/^(\d+(\.\d+)?[A-Za-z]+)+$/.test(compact)) return undefined;
  const pieces = [...compact.matchAll(/([\d.]+)([A-Za-z]+)/g)].map(([, count = '', name = '']) => {
    const row = units.find(([names]) => names.includes(name === 'M' ? '' : name.toLowerCase()));
    if (row === undefined) return undefined;
    const [, unit, times] = row;
    return `${times === 1 ? count : Number((Number(count) * times).toFixed(6))}${unit}`;
  });
  const joined = pieces.every((piece) => piece !== undefined) ? pieces.join('') : '';
  return parseGoDuration(joined).error === undefined ? joined : undefined;
}

/** A text as it may have been meant: without quotes of any kind around it. */
function unquoted(raw: string): string {
  return raw
    .trim()
    .replace(/^["'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]+|["'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]+$/g, '');
}

function fixedDurationLiteral(text: string): string | undefined {
  const { nanoseconds } = parseGoDuration(text);
  const form = nanoseconds === undefined ? fixedDuration(text) : text;
  return form === undefined ? undefined : tomlString(form);
}

/** What the daemon says to `enabled = true` alone. */
const costRefusal = 'create server: invalid configuration: auth: ';

/** The literal for a field that was given under another name or elsewhere; undefined where the daemon would refuse it. */
export function acceptedLiteral(section: ConfigSection, field: ConfigField, raw: string): string | undefined {
  const accepts = (literal: string): boolean => {
    const reading = readConfiguration(`[${section}]\n${field.key} = ${literal}\n`, new Map());
    return reading.starts || reading.message.startsWith(costRefusal);
  };
  const literal = accepts(raw) ? raw : fixedLiteral(field, raw);
  return literal !== undefined && accepts(literal) ? literal : undefined;
}

/** The literal that a refused value means for a field, undefined where there is a doubt. */
export function fixedLiteral({ type, isSecret }: ConfigField, raw: string): string | undefined {
  if (raw.length > 500 || /^\s*(?:[[{]|"""|''')/.test(raw) || /[\n\r]/.test(raw.trim())) return undefined;
  const text = unquoted(raw);
  switch (type) {
    case 'boolean':
      return words.get(text.trim().toLowerCase());
    case 'integer':
      return /^\s*\d{1,9}(\.0+)?\s*$/.test(text) ? String(Number.parseInt(text, 10)) : undefined;
    case 'duration':
      return fixedDurationLiteral(text);
    case 'string':
      // Whether a number or a boolean is the text of a secret is unknown.
      if (isSecret === true && /^[\s]*(?:true|false|yes|no|on|off|null|none|[-+.\d][-+.:\w]*)[\s]*$/i.test(raw))
        return undefined;
      return text === '' || /["'\u201c\u201d\u201e\u2018\u2019\\#]/.test(text) ? undefined : tomlString(text);
  }
}
