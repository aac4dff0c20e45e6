import path from 'node:path';
import { KapadminError, usageError } from '../errors.js';
import type { Context } from '../context.js';
import { parseYaml } from '../files/yaml.js';
import { parseFault } from '../model/safe-parsing.js';
import { readScenario } from './parse.js';
import type { Scenario } from './scenario.js';

const limit = 64 * 1024 * 1024;
/** Bytes of a kapacitor.conf that a scenario names. */
const largestConf = 1024 * 1024;

async function parseText(text: string): Promise<unknown> {
  if (text.trimStart().startsWith('{')) return JSON.parse(text);
  return parseYaml(text);
}

/** Reads a scenario file, JSON or YAML. Throws a usage error that names the file and the place in it. */
export async function loadScenario(file: string, { files, cwd }: Pick<Context, 'files' | 'cwd'>): Promise<Scenario> {
  const whole = path.resolve(cwd, file);
  const { text } = await files.read(whole, limit);
  const near = path.dirname(whole);
  const readConfig = async (name: string): Promise<Uint8Array> =>
    (await files.read(path.resolve(near, name), largestConf)).bytes;
  try {
    return await readScenario(await parseText(text), path.basename(file).replace(/\.[^.]*$/, ''), readConfig);
  } catch (error) {
    const reason = parseFault(error);
    const hint = error instanceof KapadminError ? error.hint : undefined;
    throw usageError('bad-scenario', `cannot play ${file}: ${reason}`, hint);
  }
}
