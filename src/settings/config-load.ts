import path from 'node:path';
import type { Loaders } from 'cosmiconfig';
import * as explorers from 'cosmiconfig/dist/Explorer.js';
import { usageError } from '../errors.js';
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

/**
 * Loads the text that was read before, when the file's owner and mode were looked at: cosmiconfig reads it a second
 * time. The data is wrapped, so that cosmiconfig finds no `$import` to follow.
 */
function loadersOf(text: string): Loaders {
  const loader = (format: ConfigFormat) => async (file: string) => ({ data: await parseConfig(file, format, text) });
  return Object.fromEntries([...formats].map(([ending, format]) => [ending, loader(format)]));
}

/** The format that a file's ending stands for. Throws a usage error for any other ending. */
export function formatOf(file: string): ConfigFormat {
  const format = formats.get(path.extname(file));
  if (format !== undefined) return format;
  const known = [...formats.keys()].join(', ');
  throw usageError('unknown-config-format', `${file}: a configuration file ends in one of ${known}`);
}

/**
 * The data of a configuration file with this text (`undefined` for an empty one). Throws a usage error with file, line
 * and column.
 */
export async function loadConfig(file: string, text: string): Promise<unknown> {
  formatOf(file);
  const explorer = new Explorer({
    moduleName: 'kapadmin',
    searchPlaces: [],
    searchStrategy: 'none',
    loaders: loadersOf(text),
    transform: (found: unknown) => found,
    cache: false,
  });
  const found = await explorer.load(file);
  return (found?.config as { data: unknown } | undefined)?.data;
}
