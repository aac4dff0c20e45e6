// Text as roff takes it, for the macros of man(7).

const named = new Map([
  ['\\', '\\e'],
  ['-', '\\-'],
  ["'", '\\(aq'],
  ['`', '\\(ga'],
  ['^', '\\(ha'],
  ['~', '\\(ti'],
]);

function escapeChar(char) {
  const code = char.codePointAt(0);
  return named.get(char) ?? (code < 0x80 ? char : `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`);
}

function escaped(text) {
  return [...text].map(escapeChar).join('');
}

/** A line that is no request, whatever it begins with. */
function line(text) {
  return /^[.']/.test(text) ? `\\&${text}` : text;
}

export function bold(text) {
  return `\\fB${escaped(text)}\\fR`;
}

function italic(text) {
  return `\\fI${escaped(text)}\\fR`;
}

/** Running text, in lines that roff fills; what stands between backticks is bold. */
export function prose(text) {
  const filled = text.trim().replaceAll(/\s+/g, ' ');
  return line(
    filled.replaceAll(/`([^`]+)`|[^`]+|`/g, (part, code) => (code === undefined ? escaped(part) : bold(code))),
  );
}

/** Lines that stay as they are, indented. */
export function literal(text) {
  const lines = text.split('\n').map((each) => line(escaped(each)) || '\\&');
  return ['.PP', '.RS 4', '.nf', ...lines, '.fi', '.RE'].join('\n');
}

/** Words of a usage or a flag: what stands for something else in italics, the rest bold. */
export function usage(text) {
  return text.split(' ').map(usageWord).join(' ');
}

function usageWord(word) {
  const [, open, inner] = /^([<[])(.+)[>\]]$/.exec(word) ?? [];
  if (open === '<') return italic(inner);
  if (open === '[') return `[${italic(inner)}]`;
  return word.endsWith(',') ? `${bold(word.slice(0, -1))},` : bold(word);
}

/** An entry of a list: its name, and below it what it is. */
export function entry(name, text) {
  return `.TP\n${line(name)}\n${prose(text)}`;
}

/** A heading of a section (SH) or subsection (SS). */
export function heading(macro, text) {
  return `.${macro} "${escaped(text).replaceAll('"', '\\(dq')}"`;
}
