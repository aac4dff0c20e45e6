import { type Field, knownField, knownSection } from '../../../kapacitor-config/fields.js';
import { outline, type Outline } from '../../../kapacitor-config/outline.js';
import type { Edit } from './edit.js';
import { meantField } from './meant.js';
import { mendedLiteral } from './mended-value.js';

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

function fieldAt(file: Outline, start: number, key: string): Field | undefined {
  const section = file.sections.findLast(({ text }) => text.start < start)?.known;
  return section === undefined ? undefined : (knownField(section, key) ?? meantField(section, key));
}

const longest = 1000;

/** `key: value`, a value without quotes or with wrong ones, a switch that is no `true` or `false`. */
function mendedEntry(file: Outline, { start, text }: Line): string | undefined {
  const [, lead = '', key = '', raw = '', comment = ''] =
    /^(\s*)"?([A-Za-z0-9_-]+)"?\s*[:=]?[:=\s]\s*([^#]*?)(\s*#.*)?$/.exec(text) ?? [];
  const field = fieldAt(file, start, key);
  const literal = field === undefined || raw === '' ? undefined : mendedLiteral(field, raw);
  return literal === undefined ? undefined : `${lead}${key} = ${literal}${comment}`;
}

/** `[http`, `http]`, `[ [http]`. */
function mendedHeader(text: string): string | undefined {
  const [, lead = '', name = '', comment = ''] = /^(\s*)[[\s]*([A-Za-z]+)[\]\s]*?(\s*#.*)?$/.exec(text) ?? [];
  return knownSection(name) === undefined || !/[[\]]/.test(text) ? undefined : `${lead}[${name}]${comment}`;
}

function reaches(edited: string, file: Outline): boolean {
  const { fault, keys } = outline(edited);
  if (fault === undefined) return true;
  return fault.line > (file.fault?.line ?? 0) || keys.length > file.keys.length;
}

/** The same key once more with the same value: its second line goes. */
function repeated(file: Outline, { start, text }: Line): Edit | undefined {
  const { fault } = file;
  const first = file.keys.find(({ section, key }) => `${section}.${key}` === fault?.lastKey);
  if (first === undefined || fault?.message.endsWith('has already been defined.') !== true) return undefined;
  const [, raw] = /^[^=]*=\s*(.*?)\s*$/.exec(text) ?? [];
  const end = file.text.indexOf('\n', start);
  return raw === first.value.raw ? { start, end: end < 0 ? file.text.length : end + 1, text: '' } : undefined;
}

/** What mends the line at which the parser stopped, or the one before; undefined where it is not one of the usual slips. */
export function mendSyntax(file: Outline): readonly Edit[] | undefined {
  const { fault, text } = file;
  if (fault === undefined) return undefined;
  for (const number of [fault.line, fault.line - 1]) {
    const line = number < 1 ? undefined : lineAt(text, number);
    if (line === undefined || line.text.length > longest) continue;
    const end = line.start + line.text.length;
    const replacements = [mendedHeader(line.text), mendedEntry(file, line)];
    const edits = replacements.flatMap((replacement): Edit[] => {
      return replacement === undefined ? [] : [{ start: line.start, end, text: replacement }];
    });
    const again = repeated(file, line);
    const all = again === undefined ? edits : [again, ...edits];
    const mending = all.find((edit) => reaches(text.slice(0, edit.start) + edit.text + text.slice(edit.end), file));
    if (mending !== undefined) return [mending];
  }
  return undefined;
}
