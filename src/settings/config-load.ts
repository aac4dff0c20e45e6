import path from 'node:path';
import type { LoaderResult, Loaders } from 'cosmiconfig';
import * as explorers from 'cosmiconfig/dist/Explorer.js';
import { usageError } from '../errors.js';
import { escapeControls } from '../model/text.js';
import { parseConfig, type ConfigFormat } from './config-text.js';

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

/** Wrapped, so that cosmiconfig finds no `$import` to follow. */
function loaderOf(format: ConfigFormat): (file: string, text: string) => Promise<LoaderResult> {
  return async (file, text) => ({ data: await parseConfig(file, format, text) });
}

const loaders: Loaders = Object.fromEntries([...formats].map(([ending, format]) => [ending, loaderOf(format)]));

/** The format that a file's ending stands for. Throws a usage error for any other ending. */
export function formatOf(file: string): ConfigFormat {
  const format = formats.get(path.extname(file));
  if (format !== undefined) return format;
  const known = [...formats.keys()].join(', ');
  throw usageError('unknown-config-format', `${escapeControls(file)}: a configuration file ends in one of ${known}`);
}

/** The data of a configuration file (`undefined` for an empty one). Throws a usage error with file, line and column. */
export async function loadConfig(file: string): Promise<unknown> {
  formatOf(file);
  const explorer = new Explorer({
    moduleName: 'kapadmin',
    searchPlaces: [],
    searchStrategy: 'none',
    loaders,
    transform: (found: unknown) => found,
    cache: false,
  });
  const found = await explorer.load(file);
  return (found?.config as { data: unknown } | undefined)?.data;
}
