import { parse as parseToml, TomlError } from 'smol-toml';
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { usageError } from '../errors.js';
import { escapeControls } from '../model/text.js';

export type ConfigFormat = 'yaml' | 'toml' | 'json';

const deepest = 50;

/** The texts of the parsers are not passed on: they can quote the file, and with it a password. */
function malformed(file: string, format: ConfigFormat, at?: { line: number; col: number }, what?: string): Error {
  const where = at === undefined ? '' : `, line ${at.line}, column ${at.col}`;
  const why = what === undefined ? '' : ` (${what})`;
  return usageError('malformed-config', `${escapeControls(file)}${where}: not valid ${format.toUpperCase()}${why}`);
}

function lineAt(text: string, offset: number): { line: number; col: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, col: (before.at(-1) ?? '').length + 1 };
}

function fromYaml(file: string, format: 'yaml' | 'json', text: string): unknown {
  const lines = new LineCounter();
  const fault = (error: YAMLError | undefined, what?: string): Error =>
    malformed(
      file,
      format,
      error && lines.linePos(error.pos[0]),
      what ?? error?.code.toLowerCase().replaceAll('_', ' '),
    );
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw fault(error);
  const [warning] = document.warnings;
  if (warning !== undefined) throw fault(warning);
  return document.toJS({ maxAliasCount: 20 }) as unknown;
}

function fromJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    fromYaml(file, 'json', text);
    const offset = /position (\d+)/.exec((error as Error).message)?.[1];
    throw malformed(file, 'json', offset === undefined ? undefined : lineAt(text, Number(offset)));
  }
}

function fromToml(file: string, text: string): unknown {
  try {
    return parseToml(text, { maxDepth: deepest });
  } catch (error) {
    const at = error instanceof TomlError ? { line: error.line, col: error.column } : undefined;
    throw malformed(file, 'toml', at);
  }
}

/** The value that a configuration text holds. Throws a usage error that names file, line and column. */
export function parseConfig(file: string, format: ConfigFormat, text: string): unknown {
  try {
    if (format === 'toml') return fromToml(file, text);
    return format === 'json' ? fromJson(file, text) : fromYaml(file, 'yaml', text);
  } catch (error) {
    if (error instanceof RangeError) throw malformed(file, format, undefined, 'nested too deep');
    if (error instanceof ReferenceError) throw malformed(file, format, undefined, 'an unknown alias, or too many');
    throw error;
  }
}
