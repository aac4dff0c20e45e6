import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { faulty } from '../fuzz/config/expected.js';
import { makeFolder } from '../folder.js';
import { casesOf, corpus, secretPieces, type Kind } from '../diagnostics/config/corpus.js';
import { runLine } from '../run.js';

const commands = [
  'config check',
  'config check -o json',
  'config check -o yaml',
  'config check -o sarif',
  'config check -o junit',
  'config show',
  'config show -o json',
  'config fix',
  'config fix -o json',
  'config fix --write --yes --debug',
];

/** A folder with one case of the corpus; its variables lie in `k.env`. */
function folderOf(kind: Kind, name: string): { readonly cwd: string; readonly environment: readonly string[] } {
  const conf = readFileSync(path.join(corpus, kind, `${name}.conf`));
  try {
    const env = readFileSync(path.join(corpus, kind, `${name}.env`));
    return { cwd: makeFolder({ 'k.conf': conf, 'k.env': env }), environment: ['--env-file', 'k.env'] };
  } catch {
    return { cwd: makeFolder({ 'k.conf': conf }), environment: ['--no-env'] };
  }
}

const all = [
  ...casesOf('good').map((name) => ['good', name] as const),
  ...Object.keys(faulty).map((name) => ['faulty', name] as const),
];

describe('no command on a configuration prints a secret of it', () => {
  it.each(all)('%s/%s', async (kind, name) => {
    for (const command of commands) {
      const { cwd, environment } = folderOf(kind, name);
      const { code, stdout, stderr } = await runLine([...command.split(' '), 'k.conf', ...environment], { cwd });
      expect([0, 1], `${command}: ${stderr}`).toContain(code);
      const leaks = secretPieces.filter((piece) => (stdout + stderr).includes(piece));
      expect(leaks, `${command}\n${stdout}${stderr}`).toEqual([]);
    }
  });
});
