import { type Field, knownField, knownSection, type Section } from './fields.js';
import { parseDocument } from './toml/parse.js';
import type { KeyText, SyntaxFault } from './toml/document.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

/** The header of a table: `text` runs from the first bracket to the last. */
export interface WrittenSection {
  /** The parts of its name, without quotes. */
  readonly names: readonly string[];
  readonly isArray: boolean;
  /** The section that the daemon takes it for. */
  readonly known: Section | undefined;
  readonly text: KeyText;
}

/** A key of a section, or of none (then `section` is empty), with its value as written. */
export interface WrittenKey {
  /** Section and key without quotes; `key` is the part below the section. */
  readonly section: string;
  readonly key: string;
  readonly knownSection: Section | undefined;
  /** The field that the daemon takes it for. */
  readonly field: Field | undefined;
  /** The key as spelt, with all its dots and quotes. */
  readonly text: KeyText;
  readonly value: { readonly raw: string; readonly start: number; readonly end: number };
  readonly isInline: boolean;
}

/**
 * What is written where in a file, as the daemon's parser reads it, in the order of the file and up to its first
 * fault. Offsets count in `text`, which is the file decoded as UTF-8.
 */
export interface Outline {
  readonly text: string;
  readonly sections: readonly WrittenSection[];
  /** Keys that lie deeper than a section are left out. */
  readonly keys: readonly WrittenKey[];
  readonly fault: SyntaxFault | undefined;
}

/** Reads the outline of a file, whether the daemon would start with it or not. */
export function outline(file: string | Uint8Array, version: KapacitorVersion = defaultVersion): Outline {
  const { text, headers, entries, fault } = parseDocument(file, version);
  const sections = headers.map(({ parts, isArray, text: written }) => {
    const names = parts.map((part) => part.name);
    return { names, isArray, known: names.length === 1 ? knownSection(names[0] ?? '') : undefined, text: written };
  });
  const keys = entries
    .filter(({ path }) => path.depth <= 2)
    .map(({ path, key, value, isInline }) => {
      const section = path.depth === 2 ? (path.parent?.name ?? '') : '';
      const known = path.depth === 2 ? knownSection(section) : undefined;
      const field = known === undefined ? undefined : knownField(known, path.name, version);
      const raw = text.slice(value.start, value.end);
      return { section, key: path.name, knownSection: known, field, text: key, value: { ...value, raw }, isInline };
    });
  return { text, sections, keys, fault };
}
