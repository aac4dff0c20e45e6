import { decodeStrayByte } from './document.js';
import type { VersionRules } from '../../model/kapacitor-versions.js';

/** The end of the file as a code point; older parsers take a NUL for it. */
export const endOfFile = 0;

export function isBlank(r: number): boolean {
  return r === 0x20 || r === 0x09;
}

export function isLineEnd(r: number): boolean {
  return r === 0x0a || r === 0x0d;
}

export function isDigit(r: number): boolean {
  return r >= 0x30 && r <= 0x39;
}

export function isBinary(r: number): boolean {
  return r === 0x30 || r === 0x31;
}

export function isOctal(r: number): boolean {
  return r >= 0x30 && r <= 0x37;
}

export function isHex(r: number): boolean {
  return isDigit(r) || ((r | 0x20) >= 0x61 && (r | 0x20) <= 0x66);
}

export function isBareKey(r: number): boolean {
  return isDigit(r) || ((r | 0x20) >= 0x61 && (r | 0x20) <= 0x7a) || r === 0x5f || r === 0x2d;
}

/** Control characters but tab, line feed and carriage return. */
function isControl(r: number): boolean {
  return (r < 0x20 && r !== 0x09 && !isLineEnd(r)) || r === 0x7f;
}

/** An error of the daemon's parser, with the line that it reports. */
export class TomlError extends Error {
  readonly line: number;
  /** The part of the file that the message repeats. */
  readonly piece: string | undefined;

  constructor(message: string, line: number, piece?: string) {
    super(message);
    this.name = 'Fault';
    this.line = line;
    this.piece = piece;
  }
}

/** The file begins like UTF-16. */
export class Utf16Error extends TomlError {
  constructor() {
    super('files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8', 1);
  }
}

/**
 * Reads a file character by character and counts lines as the daemon's parser does (BurntSushi/toml, lex.go): a newline
 * counts as soon as it is read, and an error at the end of the file is reported one line too low.
 */
export class TomlCursor {
  readonly text: string;
  readonly rules: VersionRules;
  offset: number;
  line = 1;
  /** Offset of the first character of the line. */
  lineStart: number;
  #previousLineStart: number;
  #atEnd = false;

  constructor(text: string, start: number, rules: VersionRules) {
    this.text = text;
    this.rules = rules;
    this.offset = start;
    this.lineStart = start;
    this.#previousLineStart = start;
  }

  next(): number {
    if (this.offset >= this.text.length) {
      this.#atEnd = true;
      return endOfFile;
    }
    const r = this.text.codePointAt(this.offset) ?? endOfFile;
    if (r < 0x80) {
      if (r === 0x0a) {
        this.line++;
        this.#previousLineStart = this.lineStart;
        this.lineStart = this.offset + 1;
      } else if (this.#isForbidden(r)) {
        throw this.fault(`TOML files cannot contain control characters: '0x${r.toString(16).padStart(2, '0')}'`);
      }
      this.offset++;
      return r;
    }
    const stray = decodeStrayByte(r);
    if (stray !== undefined && this.rules.tomlUtf8) throw this.fault(`invalid UTF-8 byte: 0x${stray.toString(16)}`);
    if (r === replacementCharacter && this.rules.tomlUtf8 && !this.rules.toml14) {
      throw this.fault('invalid UTF-8 byte: 0xef');
    }
    this.offset += r > 0xffff ? 2 : 1;
    return stray === undefined ? r : 0xfffd;
  }

  #isForbidden(r: number): boolean {
    if (r === 0x0d) return this.rules.tomlLineEnds && this.text.charCodeAt(this.offset + 1) !== 0x0a;
    return r === 0 ? this.rules.tomlExact : isControl(r) && this.rules.tomlControls;
  }

  /** Whether the end of the file was read, and not a NUL. */
  get isAtEnd(): boolean {
    return this.#atEnd;
  }

  /** Steps back over the character that was read last. */
  backup(): void {
    if (this.#atEnd) {
      this.#atEnd = false;
      return;
    }
    const last = this.text.charCodeAt(this.offset - 1);
    // A pair of surrogates counts as one; a byte that is not UTF-8 is a lone low surrogate.
    const isPair = (this.text.codePointAt(this.offset - 2) ?? 0) > 0xffff;
    this.offset -= isPair ? 2 : 1;
    if (last === 0x0a) {
      this.line--;
      this.lineStart = this.#previousLineStart;
    }
  }

  peek(): number {
    const r = this.next();
    this.backup();
    return r;
  }

  accept(r: number): boolean {
    if (this.next() === r) return true;
    this.backup();
    return false;
  }

  /** Reads as long as the characters are of one kind. */
  skip(isKind: (r: number) => boolean): void {
    while (isKind(this.next()));
    this.backup();
  }

  skipBlanks(): void {
    this.skip(isBlank);
  }

  /** After a `#`: reads to the end of the line. */
  skipComment(): void {
    this.skip((r) => r !== 0x0a && r !== 0x0d && r !== endOfFile);
  }

  since(start: number): string {
    return this.text.slice(start, this.offset);
  }

  /** An error at the cursor; `piece` is the part of the file that the message repeats. */
  fault(message: string, piece?: string): TomlError {
    return new TomlError(message, this.#atEnd ? this.line - 1 : this.line, piece);
  }

  faultOnPreviousLine(message: string): TomlError {
    return new TomlError(message, this.line - 1);
  }
}

const replacementCharacter = 0xfffd;
const utf16Marks = ['\udcff\udcfe', '\udcfe\udcff'];
const utf8Mark = '\ufeff';

/** The offset after a byte order mark; a file that looks like UTF-16 is rejected. */
export function findTextStart(text: string, rules: VersionRules): number {
  const marks = [...(rules.tomlUtf8 ? utf16Marks : []), ...(rules.tomlBom ? [utf8Mark] : [])];
  const start = marks.find((mark) => text.startsWith(mark))?.length ?? 0;
  if (!rules.tomlUtf8) return start;
  let bytes = 0;
  for (let at = start; at < text.length && bytes < 6; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0) throw new Utf16Error();
    bytes += decodeStrayByte(unit) !== undefined || unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }
  return start;
}
