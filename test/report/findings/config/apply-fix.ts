import { encodeFile } from '../../../../src/kapacitor-config/toml/encoding.js';
import { outline, type Outline } from '../../../../src/kapacitor-config/outline.js';
import { applyEdits } from '../../../../src/report/findings/config/edit.js';
import type { ConfigInput } from '../../../../src/report/findings/config/input.js';
import type { Place } from '../../../../src/diagnostics/finding.js';
import type { Mend } from '../../../../src/diagnostics/fix.js';

/** What a reader puts in place of the words that stand for a value. */
const fillIns: readonly (readonly [word: RegExp, value: string])[] = [
  [/\bHOST:8091\b/g, 'localhost:8091'],
  [/\bTHE PASSWORD\b/g, 'hUsh-filled-in'],
  [/"NAME"|(?<==)NAME$/gm, '"kapacitor"'],
  [/\/PATH\/OF\/CA\.PEM/g, '/etc/kapacitor/ca.pem'],
];

function filled(setting: string): string {
  return fillIns.reduce((text, [word, value]) => text.replaceAll(word, value), setting);
}

function textOf({ file }: ConfigInput): string {
  return outline(file?.content ?? '').text;
}

function withFile(input: ConfigInput, text: string): ConfigInput {
  return { ...input, file: input.file && { ...input.file, content: encodeFile(text) } };
}

function splitLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/** Writes one line below the header of a section, or in place of the line that sets the same key. */
function setBelow(text: string, section: string, line: string): string {
  const file = outline(text);
  const [name = '', literal = ''] = line.split(/ = (.*)/s);
  const known = section.toLowerCase();
  const there = file.keys.find((key) => key.knownSection === known && key.field?.key === name);
  if (there !== undefined) return applyEdits(text, [{ ...there.value, text: literal }]);
  const header = file.sections.find((one) => one.known === known);
  if (header === undefined) return `${text}\n[${section}]\n${line}\n`;
  const end = text.indexOf('\n', header.text.end);
  return end < 0 ? `${text}\n${line}\n` : `${text.slice(0, end + 1)}${line}\n${text.slice(end + 1)}`;
}

/** Writes in a line: another header, another name of its key, or a whole entry in place of what stands there. */
function writeInLine(file: Outline, number: number, setting: string, column: number | undefined): string | undefined {
  const header = file.sections.find(({ text }) => text.line === number);
  if (setting.startsWith('[')) {
    return header && applyEdits(file.text, [{ ...header.text, text: setting }]);
  }
  const [name = '', literal] = setting.split(/ = (.*)/s);
  const here = file.keys.filter(({ text }) => text.line === number);
  const key =
    here.find((one) => one.field?.key === name.replace(/^.*\./, '')) ??
    here.find(({ text }) => text.column === column) ??
    here[0];
  if (key === undefined) return undefined;
  const lead = name.includes('.') ? '' : (/^(.*\.\s*)?/s.exec(key.text.spelt)?.[0] ?? '');
  const edits = [{ start: key.text.start + lead.length, end: key.text.end, text: name }];
  if (literal !== undefined) edits.push({ ...key.value, text: literal });
  return applyEdits(file.text, edits);
}

function applyToText(text: string, what: string, setting: string, column: number | undefined): string | undefined {
  const below = /^Set below \[(\w+)\] in /.exec(what)?.[1];
  if (below !== undefined) return setting.split('\n').reduce((now, line) => setBelow(now, below, line), text);
  const under = /^Write below line (\d+) of /.exec(what)?.[1];
  if (under !== undefined) {
    const lines = splitLines(text);
    const line = lines[Number(under) - 1] ?? '';
    lines[Number(under) - 1] = `${line}${line.endsWith('\n') ? '' : '\n'}${setting}\n`;
    return lines.join('');
  }
  if (what.startsWith('Write before the first section of ')) {
    const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
    return `${mark}${setting}\n${text.slice(mark.length)}`;
  }
  const inLine = /^Write in line (\d+) of /.exec(what)?.[1];
  if (inLine !== undefined) return writeInLine(outline(text), Number(inLine), setting, column);
  const moved = /^Move line (\d+) of .* below$/.exec(what)?.[1];
  if (moved !== undefined) {
    const lines = splitLines(text);
    const [line = ''] = lines.splice(Number(moved) - 1, 1);
    return setBelow(lines.join(''), setting.slice(1, -1), line.trim());
  }
  const removed = /^Remove line (\d+) of /.exec(what)?.[1];
  if (removed !== undefined) {
    const lines = splitLines(text);
    lines.splice(Number(removed) - 1, 1);
    return lines.join('');
  }
  return undefined;
}

function withVariable(input: ConfigInput, setting: string, remove?: string): ConfigInput {
  const [name = '', value = ''] = setting.split(/=(.*)/s);
  const variables = new Map(input.environment.variables).set(name, value.replace(/^"(.*)"$/, '$1'));
  const others = new Map(input.environment.others);
  if (remove !== undefined) others.delete(remove);
  return { ...input, environment: { ...input.environment, variables, others } };
}

/** What becomes of the file and the variables when a reader does what a fix says; undefined where it names no line. */
export function applyFix(input: ConfigInput, { what, setting: printed }: Mend, place?: Place): ConfigInput | undefined {
  if (printed === undefined && !what.startsWith('Remove line')) return undefined;
  const setting = filled(printed ?? '');
  if (what.startsWith('Set in ')) {
    return setting.split('\n').reduce((now, line) => withVariable(now, line), input);
  }
  const renamed = /^Rename (\S+) in /.exec(what)?.[1];
  if (renamed !== undefined) {
    const value = input.environment.others.get(renamed) ?? '';
    return withVariable(input, `${setting}=${value}`, renamed);
  }
  const text = applyToText(textOf(input), what, setting, place?.in === 'file' ? place.column : undefined);
  if (text === undefined) throw new Error(`nobody knows how to follow: ${what}: ${setting}`);
  return withFile(input, text);
}
