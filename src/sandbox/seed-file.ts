import { KapadminError, usageError } from '../errors.js';
import type { Files } from '../files/files.js';
import { parseYaml } from '../files/yaml.js';
import { parseFault } from '../model/safe-parsing.js';
import { readAccount, readFields, readRoles, readUsers, type Account } from './description.js';
import type { Seed } from './seeded.js';

const limit = 64 * 1024 * 1024;
const known = ['listen', 'credentials', 'users', 'roles', 'responses'];

async function parse(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return parseYaml(text);
  }
}

/** Reads the `meta` part of a scenario, alone or inside its scenario, JSON or YAML; `listen` and `responses` are not used. */
export async function readSeed(file: string, files: Files): Promise<Seed & { readonly account: Account | null }> {
  const { text } = await files.read(file, limit);
  try {
    const top = readFields(await parse(text), 'the file');
    const meta = readFields('meta' in top ? top['meta'] : top, 'meta', known);
    return {
      account: readAccount(meta['credentials'], 'credentials'),
      users: readUsers(meta['users'], 'users'),
      roles: readRoles(meta['roles'], 'roles'),
    };
  } catch (error) {
    const reason = parseFault(error);
    const hint = error instanceof KapadminError ? error.hint : undefined;
    throw usageError('bad-seed-file', `cannot use the seed ${file}: ${reason}`, hint);
  }
}
