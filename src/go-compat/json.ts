import { quote } from './strconv.js';
import { toBinary, toText, toValidUtf8 } from './utf8.js';

/** A JSON value as it was written: keys in their order, repeated ones kept, numbers as text, strings binary. */
export type JsonValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'array'; readonly items: JsonValue[] }
  | { readonly kind: 'object'; readonly entries: [key: string, value: JsonValue][] };

export type JsonResult =
  { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly error: string };

const maxDepth = 10_000;

class JsonSyntaxError extends Error {}

/** encoding/json quoteChar: a byte in single quotes. */
function quoteChar(char: string): string {
  if (char === "'") return `'\\''`;
  if (char === '"') return `'"'`;
  return `'${toBinary(quote(toBinary(char))).slice(1, -1)}'`;
}

const unexpectedEnd = 'unexpected end of JSON input';

/** Where json.Unmarshal, which feeds its scanner a space at the end of the input, accepts a space. */
const spaceAllowed = /^(looking for|after (?!decimal)|in string literal)/;

type Container = Extract<JsonValue, { kind: 'array' | 'object' }>;

/** The scanner of encoding/json: one value from a binary text, with Go's words for what is wrong. */
class Scanner {
  private readonly text: string;
  /** What Go says at the end of the input. */
  private readonly endError: string;
  private at = 0;

  constructor(text: string, endError: string) {
    this.text = text;
    this.endError = endError;
  }

  private fault(context: string): never {
    const char = this.text[this.at];
    if (char === undefined && (this.endError !== unexpectedEnd || spaceAllowed.test(context)))
      throw new JsonSyntaxError(this.endError);
    throw new JsonSyntaxError(`invalid character ${quoteChar(char ?? ' ')} ${context}`);
  }

  private skipBlanks(): string | undefined {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at++;
    return this.text[this.at];
  }

  private expect(pattern: RegExp, context: string): void {
    if (!pattern.test(this.text[this.at] ?? '')) this.fault(context);
    this.at++;
  }

  private digits(): void {
    while (/[0-9]/.test(this.text[this.at] ?? '')) this.at++;
  }

  private number(): JsonValue {
    const start = this.at;
    if (this.text[this.at] === '-') this.at++;
    if (this.text[this.at] === '0') this.at++;
    else {
      this.expect(/[1-9]/, 'in numeric literal');
      this.digits();
    }
    if (this.text[this.at] === '.') {
      this.at++;
      this.expect(/[0-9]/, 'after decimal point in numeric literal');
      this.digits();
    }
    if (/[eE]/.test(this.text[this.at] ?? '')) {
      this.at++;
      if (/[+-]/.test(this.text[this.at] ?? '')) this.at++;
      this.expect(/[0-9]/, 'in exponent of numeric literal');
      this.digits();
    }
    return { kind: 'number', text: this.text.slice(start, this.at) };
  }

  private string(): string {
    const start = ++this.at;
    for (;;) {
      const char = this.text[this.at];
      if (char === '"') break;
      if (char === undefined || char < ' ') this.fault('in string literal');
      this.at++;
      if (char !== '\\') continue;
      this.expect(/["\\/bfnrtu]/, 'in string escape code');
      if (this.text[this.at - 1] !== 'u') continue;
      for (let i = 0; i < 4; i++) this.expect(/[0-9A-Fa-f]/, 'in \\u hexadecimal character escape');
    }
    return unquoteJson(this.text.slice(start, this.at++));
  }

  private literal(word: string, value: JsonValue): JsonValue {
    for (const char of word) {
      if (this.text[this.at] !== char) this.fault(`in literal ${word} (expecting ${quoteChar(char)})`);
      this.at++;
    }
    return value;
  }

  /** A scalar, or an opened container. */
  private startValue(): JsonValue {
    const char = this.skipBlanks();
    if (char === '{' || char === '[') {
      this.at++;
      return char === '{' ? { kind: 'object', entries: [] } : { kind: 'array', items: [] };
    }
    if (char === '"') return { kind: 'string', value: this.string() };
    if (char === 't') return this.literal('true', { kind: 'boolean', value: true });
    if (char === 'f') return this.literal('false', { kind: 'boolean', value: false });
    if (char === 'n') return this.literal('null', { kind: 'null' });
    if (char !== undefined && /[-0-9]/.test(char)) return this.number();
    return this.fault('looking for beginning of value');
  }

  private key(): string {
    if (this.skipBlanks() !== '"') this.fault('looking for beginning of object key string');
    const key = this.string();
    if (this.skipBlanks() !== ':') this.fault('after object key');
    this.at++;
    return key;
  }

  private addMember(container: Container): JsonValue {
    if (container.kind === 'array') {
      const item = this.startValue();
      container.items.push(item);
      return item;
    }
    const key = this.key();
    const value = this.startValue();
    container.entries.push([key, value]);
    return value;
  }

  /** Whether the container just opened, or after a member, ends here; takes the comma else. */
  private isAtEnd(container: Container, isFirst: boolean): boolean {
    const closing = container.kind === 'array' ? ']' : '}';
    const char = this.skipBlanks();
    if (char === closing) {
      this.at++;
      return true;
    }
    if (isFirst) return false;
    if (char !== ',') this.fault(container.kind === 'array' ? 'after array element' : 'after object key:value pair');
    this.at++;
    return false;
  }

  value(): JsonValue {
    const root = this.startValue();
    const stack: Container[] = [];
    const push = (json: JsonValue): boolean => {
      if (json.kind !== 'array' && json.kind !== 'object') return false;
      if (stack.push(json) > maxDepth) throw new JsonSyntaxError('exceeded max depth');
      return true;
    };
    let isFirst = push(root);
    while (stack.length > 0) {
      const container = stack.at(-1)!;
      if (this.isAtEnd(container, isFirst)) {
        stack.pop();
        isFirst = false;
      } else {
        isFirst = push(this.addMember(container));
      }
    }
    return root;
  }

  expectEnd(): void {
    if (this.skipBlanks() !== undefined) this.fault('after top-level value');
  }
}

function attempt(scan: () => JsonValue): JsonResult {
  try {
    return { ok: true, value: scan() };
  } catch (fault) {
    if (fault instanceof JsonSyntaxError) return { ok: false, error: fault.message };
    throw fault;
  }
}

/** json.Unmarshal's reading of a binary text: one value and nothing after it. */
export function parseJson(text: string): JsonResult {
  return attempt(() => {
    const scanner = new Scanner(text, unexpectedEnd);
    const value = scanner.value();
    scanner.expectEnd();
    return value;
  });
}

/** json.Decoder's reading of a binary text: its first value; what follows is ignored. */
export function parseFirstJson(text: string): JsonResult {
  return attempt(() => new Scanner(text, /^[ \t\r\n]*$/.test(text) ? 'EOF' : 'unexpected EOF').value());
}

/** A key as encoding/json compares it with ASCII field names (foldName): letter case, U+017F and U+212A do not matter. */
export function foldJsonKey(key: string): string {
  return toText(key)
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll('\u017f', 's')
    .replaceAll('\u212a', 'k');
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/**
 * encoding/json unquote: the value of a string literal, given the text between its quotes (already scanned). Bytes
 * that are not UTF-8 and surrogates without their half become U+FFFD.
 */
export function unquoteJson(body: string): string {
  if (!body.includes('\\')) return toValidUtf8(body);
  let value = '';
  let nextOffset = 0;
  for (let i = body.indexOf('\\'); i >= 0; i = body.indexOf('\\', nextOffset)) {
    value += body.slice(nextOffset, i);
    const char = body[i + 1]!;
    nextOffset = i + 2;
    if (char !== 'u') {
      value += simpleEscapes[char]!;
      continue;
    }
    const code = parseInt(body.slice(i + 2, i + 6), 16);
    nextOffset = i + 6;
    const next = body.startsWith('\\u', nextOffset) ? parseInt(body.slice(nextOffset + 2, nextOffset + 6), 16) : 0;
    if (isHighSurrogate(code) && isLowSurrogate(next)) {
      value += toBinary(String.fromCharCode(code, next));
      nextOffset += 6;
    } else {
      value += toBinary(String.fromCharCode(code));
    }
  }
  return toValidUtf8(value + body.slice(nextOffset));
}
