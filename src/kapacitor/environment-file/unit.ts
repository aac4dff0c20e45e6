import { droppedByName, isVariableName, variableIn, type Assignment, type DroppedLine } from './assignment.js';

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
};

/** The words of a setting as systemd takes them apart (src/basic/extract-word.c): quotes, backslashes, `%%`. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\') {
      const next = text.charAt(++i);
      word = (word ?? '') + (escapes[next] ?? next);
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word = (word ?? '') + char;
    } else if ((char === '"' || char === "'") && word === undefined) {
      quote = char;
      word = '';
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words.map((one) => one.replaceAll('%%', '%'));
}

/** The lines of a unit, those that end in a backslash joined with the next. */
function joinedLines(text: string): readonly { readonly text: string; readonly line: number }[] {
  const joined: { text: string; line: number }[] = [];
  let open: { text: string; line: number } | undefined;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*[#;]/.test(raw)) continue;
    const whole: { text: string; line: number } =
      open === undefined ? { text: raw, line: i + 1 } : { text: `${open.text} ${raw}`, line: open.line };
    open = whole.text.endsWith('\\') ? { ...whole, text: whole.text.slice(0, -1) } : undefined;
    if (open === undefined) joined.push(whole);
  }
  return open === undefined ? joined : [...joined, open];
}

/** `Environment=` of a systemd unit or of a drop-in; an empty one takes away what stands before it. */
export function readUnit(text: string): {
  readonly assignments: readonly Assignment[];
  readonly dropped: readonly DroppedLine[];
} {
  let assignments: Assignment[] = [];
  let dropped: DroppedLine[] = [];
  for (const { text: written, line } of joinedLines(text)) {
    const setting = /^\s*Environment\s*=(.*)$/s.exec(written)?.[1];
    if (setting === undefined) continue;
    if (setting.trim() === '') [assignments, dropped] = [[], []];
    for (const word of wordsOf(setting)) {
      const equals = word.indexOf('=');
      const name = word.slice(0, Math.max(equals, 0));
      const variable = equals < 0 ? variableIn(word) : undefined;
      if (isVariableName(name)) assignments.push({ name, value: word.slice(equals + 1), line });
      else if (variable !== undefined) dropped.push({ name: variable, line, why: 'no-assignment' });
      else dropped.push(...[droppedByName(name, line) ?? []].flat());
    }
  }
  return { assignments, dropped };
}
