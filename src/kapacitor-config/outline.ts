import { type ConfigField, findField, findSection, type ConfigSection } from './fields.js';
import { parseToml } from './toml/parse.js';
import type { KeyText, TomlSyntaxError } from './toml/document.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

/** A table header; `text` includes the brackets. */
export interface WrittenSection {
  /** Parts of its name, unquoted. */
  readonly names: readonly string[];
  readonly isArray: boolean;
  /** The section that the daemon reads it as. */
  readonly known: ConfigSection | undefined;
  readonly text: KeyText;
}

/** A key of a section, or a top-level key (then `section` is empty), with its value as written. */
export interface WrittenKey {
  /** Section and key without quotes; `key` is the part below the section. */
  readonly section: string;
  readonly key: string;
  readonly knownSection: ConfigSection | undefined;
  /** The field that the daemon reads it as. */
  readonly field: ConfigField | undefined;
  /** The key as written, with dots and quotes. */
  readonly text: KeyText;
  readonly value: { readonly raw: string; readonly start: number; readonly end: number };
  readonly isInline: boolean;
}

/**
 * Sections and keys of a file with their positions, as the daemon's parser reads them, in file order up to the first
 * error. Offsets are in `text`, the file decoded as UTF-8.
 */
export interface ConfigOutline {
  readonly text: string;
  readonly sections: readonly WrittenSection[];
  /** Without keys deeper than a section. */
  readonly keys: readonly WrittenKey[];
  readonly fault: TomlSyntaxError | undefined;
}

/** Reads the outline of a file, whether or not the daemon would start with it. */
export function outlineConfig(file: string | Uint8Array, version: KapacitorVersion = defaultVersion): ConfigOutline {
  const { text, headers, entries, fault } = parseToml(file, version);
  const sections = headers.map(({ parts, isArray, text: headerText }) => {
    const names = parts.map((part) => part.name);
    return { names, isArray, known: names.length === 1 ? findSection(names[0] ?? '') : undefined, text: headerText };
  });
  const keys = entries
    .filter(({ path }) => path.depth <= 2)
    .map(({ path, key, value, isInline }) => {
      const section = path.depth === 2 ? (path.parent?.name ?? '') : '';
      const knownSection = path.depth === 2 ? findSection(section) : undefined;
      const field = knownSection === undefined ? undefined : findField(knownSection, path.name, version);
      const raw = text.slice(value.start, value.end);
      return {
        section,
        key: path.name,
        knownSection,
        field,
        text: key,
        value: { ...value, raw },
        isInline,
      };
    });
  return { text, sections, keys, fault };
}
