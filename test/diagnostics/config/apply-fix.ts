import { encodeFile } from '../../../src/kapacitor-config/toml/document.js';
import { type ConfigOutline, outlineConfig } from '../../../src/kapacitor-config/read-and-validate.js';
import { applyTextEdits } from '../../../src/diagnostics/config/edit.js';
import type { ConfigInput } from '../../../src/diagnostics/config/facts.js';
import type { FindingLocation, Fix } from '../../../src/diagnostics/finding.js';

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
  return outlineConfig(file?.content ?? '').text;
}

function withFile(input: ConfigInput, text: string): ConfigInput {
  return { ...input, file: input.file && { ...input.file, content: encodeFile(text) } };
}

function splitLines(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/** Writes lines below the header of a section. */
function setBelow(text: string, section: string, setting: string): string {
  const header = outlineConfig(text).sections.find(({ known }) => known === section.toLowerCase());
  if (header === undefined) throw new Error(`there is no [${section}] to write below`);
  const end = text.indexOf('\n', header.text.end);
  return end < 0 ? `${text}\n${setting}\n` : `${text.slice(0, end + 1)}${setting}\n${text.slice(end + 1)}`;
}

/** Writes whole lines in place of others, the first ones one for one and what is left behind the last. */
function replaceLines(text: string, numbers: readonly number[], setting: string): string {
  const lines = text.split('\n');
  const written = setting.split('\n');
  for (const [i, number] of numbers.entries()) {
    lines[number - 1] = (i === numbers.length - 1 ? written.slice(i) : written.slice(i, i + 1)).join('\n');
  }
  return lines.join('\n');
}

/** Writes in a line: another header, or a whole entry in place of one that may share its line. */
function writeInLine(
  file: ConfigOutline,
  number: number,
  setting: string,
  column: number | undefined,
): string | undefined {
  if (setting.includes('\n')) return replaceLines(file.text, [number], setting);
  if (setting.startsWith('[')) {
    const header = file.sections.find(({ text }) => text.line === number);
    return header && applyTextEdits(file.text, [{ ...header.text, text: setting }]);
  }
  const [name = ''] = setting.split(' = ');
  const here = file.keys.filter(({ text }) => text.line === number);
  const key =
    here.find((one) => one.field?.key === name.replace(/^.*\./, '')) ??
    here.find(({ text }) => text.column === column) ??
    here[0];
  if (key === undefined) return undefined;
  return applyTextEdits(file.text, [{ start: key.text.start, end: key.value.end, text: setting }]);
}

/** Writes another name in place of that of a key. */
function renameKey(file: ConfigOutline, number: number, name: string, to: string): string | undefined {
  const key = file.keys.find((one) => one.text.line === number && one.key === name);
  if (key === undefined) return undefined;
  const lead = /^(.*\.\s*)?/s.exec(key.text.spelt)?.[0] ?? '';
  return applyTextEdits(file.text, [{ start: key.text.start + lead.length, end: key.text.end, text: to }]);
}

function applyToText(text: string, what: string, setting: string, column: number | undefined): string | undefined {
  const added = /^Add a section (\[\w+\]) at the end of /.exec(what)?.[1];
  if (added !== undefined) return `${text}${/(?:^|\n)$/.test(text) ? '' : '\n'}${added}\n${setting}\n`;
  const below = /^Set in \[(\w+)\] of /.exec(what)?.[1];
  if (below !== undefined) return setBelow(text, below, setting);
  const under = /^Add after line (\d+) of /.exec(what)?.[1];
  if (under !== undefined) {
    const lines = splitLines(text);
    const line = lines[Number(under) - 1] ?? '';
    lines[Number(under) - 1] = `${line}${line.endsWith('\n') ? '' : '\n'}${setting}\n`;
    return lines.join('');
  }
  if (what.startsWith('Add before the first section of ')) {
    const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
    return `${mark}${setting}\n${text.slice(mark.length)}`;
  }
  const several = /^Change lines ([\d, and]+) of /.exec(what)?.[1];
  if (several !== undefined) return replaceLines(text, (several.match(/\d+/g) ?? []).map(Number), setting);
  const [, old, at, to] = /^Rename "(.*)" in line (\d+) of .* to "(.*)"$/.exec(what) ?? [];
  if (old !== undefined && to !== undefined) return renameKey(outlineConfig(text), Number(at), old, to);
  const inLine = /^Change line (\d+) of /.exec(what)?.[1];
  if (inLine !== undefined) return writeInLine(outlineConfig(text), Number(inLine), setting, column);
  const moved = /^Move line (\d+) of .* to$/.exec(what)?.[1];
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
export function applyFix(
  input: ConfigInput,
  { what, setting: printed }: Fix,
  place?: FindingLocation,
): ConfigInput | undefined {
  if (printed === undefined && !/^(?:Remove line|Rename ".*" in line .*"$)/.test(what)) return undefined;
  const setting = filled(printed ?? '');
  if ((what.startsWith('Set in ') && !what.startsWith('Set in [')) || /^KAPACITOR_\w+=/.test(setting)) {
    return setting.split('\n').reduce((now, line) => withVariable(now, line), input);
  }
  const renamed = /^Rename ([^\s"]+) in /.exec(what)?.[1];
  if (renamed !== undefined) {
    const value = input.environment.others.get(renamed) ?? '';
    return withVariable(input, `${setting}=${value}`, renamed);
  }
  const unset = /^Remove line (\d+) of .*: KAPACITOR_\w+ is set$/.exec(what)?.[1];
  if (unset !== undefined) {
    const dropped = input.environment.dropped?.filter(({ line }) => line !== Number(unset));
    return { ...input, environment: { ...input.environment, dropped } };
  }
  const text = applyToText(textOf(input), what, setting, place?.in === 'file' ? place.column : undefined);
  if (text === undefined) throw new Error(`nobody knows how to follow: ${what}: ${setting}`);
  return withFile(input, text);
}
