import { KapadminError, usageError } from '../errors.js';
import type { Files } from '../files/files.js';
import { whyNoYaml } from '../model/nesting.js';
import { parseFault, yamlFault } from '../model/parse-fault.js';
import { escapeControls } from '../model/text.js';
import { readAccount, readFields, readRoles, readUsers, type Account } from './description.js';
import type { Seed } from './seeded.js';

const limit = 64 * 1024 * 1024;
const known = ['listen', 'credentials', 'users', 'roles', 'responses'];

async function parse(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    const why = whyNoYaml(text);
    if (why !== undefined) throw new Error(why);
    const { parseDocument } = await import('yaml');
    const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
    const fault = yamlFault(document, text);
    if (fault !== undefined) throw new Error(fault);
    return document.toJS();
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
    const reason = escapeControls(parseFault(error));
    const hint = error instanceof KapadminError ? error.hint : undefined;
    throw usageError('bad-seed-file', `cannot use the seed ${escapeControls(file)}: ${reason}`, hint);
  }
}
