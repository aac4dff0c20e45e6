import { quoteRune, quoteText } from '../../go-compat/strconv.js';
import { endOfFile, findTextStart, isBlank, isLineEnd, TomlCursor, TomlError, Utf16Error } from './cursor.js';
import { decodeFile, type TomlDocument, type TomlEntry, type TomlHeader, type TomlSyntaxError } from './document.js';
import { readHeader, readKey, TomlDefinitions } from './keys.js';
import { readValue } from './containers.js';
import type { KapacitorVersion, VersionRules } from '../../model/kapacitor-versions.js';

const hash = 0x23;
const bracket = 0x5b;

class Reader {
  readonly names: TomlDefinitions;
  readonly headers: TomlHeader[] = [];
  readonly entries: TomlEntry[] = [];
  readonly #rules: VersionRules;

  constructor(rules: VersionRules) {
    this.#rules = rules;
    this.names = new TomlDefinitions(rules);
  }

  read(text: string): void {
    const cursor = new TomlCursor(text, findTextStart(text, this.#rules), this.#rules);
    for (;;) {
      const r = cursor.next();
      if (r === endOfFile) {
        if (cursor.isAtEnd) return;
        throw cursor.fault('unexpected EOF');
      }
      if (isBlank(r) || isLineEnd(r)) continue;
      if (r === hash) {
        cursor.skipComment();
        continue;
      }
      if (r === bracket) {
        this.#readHeader(cursor);
      } else {
        cursor.backup();
        this.#readEntry(cursor);
      }
      if (!endsLine(cursor)) return;
    }
  }

  #readHeader(cursor: TomlCursor): void {
    const header = readHeader(cursor);
    this.names.enterHeader(header);
    this.headers.push(header);
  }

  #readEntry(cursor: TomlCursor): void {
    const { names } = this;
    const outer = names.scope;
    const key = readKey(cursor);
    names.enterKey(key);
    const item = readValue(cursor, names, this.entries);
    names.define(key.last, item.value);
    names.describe(key.last.name, item.value.type === 'array', item.line);
    const path = names.scope.path.child(key.last.name);
    this.entries.push({ path, key: key.text, value: { start: item.start, end: item.end }, isInline: false });
    names.scope = outer;
    names.part = undefined;
  }
}

/** Reads the rest of a line after a value or a header; false if the file ends here. */
function endsLine(cursor: TomlCursor): boolean {
  cursor.skipBlanks();
  const r = cursor.next();
  if (r === endOfFile) return false;
  if (r === hash) cursor.skipComment();
  else if (!isLineEnd(r)) {
    const message = 'expected a top-level item to end with a newline, comment, or EOF';
    throw cursor.fault(`${message}, but got ${quoteRune(r)} instead`);
  }
  return true;
}

function syntaxError(fault: TomlError, lastKey: string): TomlSyntaxError {
  const { line, piece } = fault;
  const key = lastKey === '' ? '' : ` (last key ${quoteText(lastKey)})`;
  const message = `toml: line ${line}${key}: ${fault.message}`;
  return { message, text: fault.message, line, lastKey, piece, isUtf16: fault instanceof Utf16Error };
}

/** The last documents: `config check` tries every fix, and so parses a few texts a hundred times. */
const cache: { readonly rules: VersionRules; readonly document: TomlDocument }[] = [];
const maxCached = 64;
const maxCachedLength = 16_384;

/**
 * Parses a file as the daemon does: exactly as 1.8 (BurntSushi/toml at a339e1f7089c, lex.go and parse.go, without the
 * additions of TOML 1.1); for older versions it accepts what they accept, with the messages of 1.8. It does not throw:
 * the first error is part of the result.
 */
export function parseToml(file: string | Uint8Array, { rules }: KapacitorVersion): TomlDocument {
  const text = decodeFile(file);
  if (text.length > maxCachedLength) return parseText(text, rules);
  const cached = cache.find((one) => one.rules === rules && one.document.text === text);
  if (cached !== undefined) return cached.document;
  const document = parseText(text, rules);
  cache.unshift({ rules, document });
  cache.length = Math.min(cache.length, maxCached);
  return document;
}

function parseText(text: string, rules: VersionRules): TomlDocument {
  const reader = new Reader(rules);
  const { headers, entries, names } = reader;
  try {
    reader.read(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { text, root: names.root, headers, entries, fault: syntaxError(error, names.lastKey()) };
  }
  return { text, root: names.root, headers, entries, fault: undefined };
}
