import { usageError } from '../errors.js';
import { yamlLimitError } from '../model/parser-limits.js';
import path from 'node:path';
import type { Loaders } from 'cosmiconfig';
import * as explorers from 'cosmiconfig/dist/Explorer.js';

export type ConfigFormat = 'yaml' | 'toml' | 'json';

const maxDepth = 50;
/** Marks of YAML: a thousand profiles have fewer. */
const maxBrackets = 20_000;

/** The texts of the parsers are not passed on: they can quote the file, and with it a password. */
function malformedError(file: string, format: ConfigFormat, at?: { line: number; col: number }, what?: string): Error {
  const where = at === undefined ? '' : `, line ${at.line}, column ${at.col}`;
  const why = what === undefined ? '' : ` (${what})`;
  return usageError('malformed-config', `${file}${where}: not valid ${format.toUpperCase()}${why}`);
}

function lineNumberAt(text: string, offset: number): { line: number; col: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, col: (before.at(-1) ?? '').length + 1 };
}

async function fromYaml(file: string, format: 'yaml' | 'json', text: string): Promise<unknown> {
  const why = yamlLimitError(text, maxBrackets);
  if (why !== undefined) throw malformedError(file, format, undefined, why);
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault === undefined) return document.toJS({ maxAliasCount: 20 }) as unknown;
  throw malformedError(file, format, lines.linePos(fault.pos[0]), fault.code.toLowerCase().replaceAll('_', ' '));
}

async function fromJson(file: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    await fromYaml(file, 'json', text);
    const offset = /position (\d+)/.exec((error as Error).message)?.[1];
    throw malformedError(file, 'json', offset === undefined ? undefined : lineNumberAt(text, Number(offset)));
  }
}

async function fromToml(file: string, text: string): Promise<unknown> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text, { maxDepth });
  } catch (error) {
    const at = error instanceof TomlError ? { line: error.line, col: error.column } : undefined;
    throw malformedError(file, 'toml', at);
  }
}

const parsers = {
  yaml: (file: string, text: string) => fromYaml(file, 'yaml', text),
  json: fromJson,
  toml: fromToml,
};

/** The value that a configuration text holds. Throws a usage error that names file, line and column. */
export async function parseConfig(file: string, format: ConfigFormat, text: string): Promise<unknown> {
  try {
    return await parsers[format](file, text);
  } catch (error) {
    if (error instanceof RangeError) throw malformedError(file, format, undefined, 'nested too deeply');
    if (error instanceof ReferenceError)
      throw malformedError(file, format, undefined, 'unknown alias, or too many aliases');
    throw error;
  }
}

/**
 * cosmiconfig's own class: its public function first runs any `.config/config.js` and obeys any `package.json` of the
 * working directory, which may be a stranger's.
 */
const { Explorer } = explorers as unknown as {
  Explorer: new (options: object) => { load(file: string): Promise<{ config: unknown } | null> };
};

const formats: ReadonlyMap<string, ConfigFormat> = new Map([
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.toml', 'toml'],
  ['.json', 'json'],
]);

/**
 * Loads the text that was read before, when the file's owner and mode were looked at: cosmiconfig reads it a second
 * time. The data is wrapped, so that cosmiconfig finds no `$import` to follow.
 */
function createLoaders(text: string): Loaders {
  const loader = (format: ConfigFormat) => async (file: string) => ({ data: await parseConfig(file, format, text) });
  return Object.fromEntries([...formats].map(([ending, format]) => [ending, loader(format)]));
}

/** The format of a file's extension. Throws a usage error for an unknown one. */
export function configFormat(file: string): ConfigFormat {
  const format = formats.get(path.extname(file));
  if (format !== undefined) return format;
  const known = [...formats.keys()].join(', ');
  throw usageError(
    'unknown-config-format',
    `${file}: unsupported file name; a configuration file ends in one of ${known}`,
  );
}

/**
 * The data of a configuration file with this text (`undefined` for an empty one). Throws a usage error with file, line
 * and column.
 */
export async function loadConfig(file: string, text: string): Promise<unknown> {
  configFormat(file);
  const explorer = new Explorer({
    moduleName: 'kapadmin',
    searchPlaces: [],
    searchStrategy: 'none',
    loaders: createLoaders(text),
    transform: (found: unknown) => found,
    cache: false,
  });
  const found = await explorer.load(file);
  return (found?.config as { data: unknown } | undefined)?.data;
}
