import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { bin } from './harness/program.js';

/** The packs that a command loads, beside these files: those whose code it keeps in a new home. */
function loaded(words: readonly string[], files: Readonly<Record<string, string>> = {}): readonly string[] {
  const home = makeFolder();
  const { PATH = '' } = process.env;
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(home, name), text);
  const { stdout } = spawnSync(process.execPath, [bin, ...words], { env: { PATH, HOME: home }, cwd: home });
  expect(stdout.length).toBeGreaterThan(0);
  const folder = path.join(home, `.cache/kapadmin/code-${process.version}-${process.arch}`);
  const kept = existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/-\w+$/, '')) : [];
  return kept.filter((name) => name.endsWith('.cjs')).map((name) => name.replace('.cjs', ''));
}

const scenario = `
kapacitor:
  config: |
    [http]
      auth-enabled = true
    [auth]
      enabled = true
      meta-addr = "127.0.0.1:8091"
meta:
  users:
    - { name: joe, password: pa55word, permissions: { "": [KapacitorAPI] } }
steps:
  - at: 0s
    request: { method: GET, path: /kapacitor/v1/tasks, username: joe, password: pa55word }
    expect: { verdict: allow }
`;
const configuration = '[http]\nauth-enabled = true\nshared-secret = "0123456789abcdef0123456789abcdef"\n';

const heavy = [
  ['undici', 'UND_ERR_'],
  ['inquirer', 'ExitPromptError'],
  ['ora', 'simpleDotsScrolling'],
  ['yaml', 'BLOCK_AS_IMPLICIT_KEY'],
  ['engine', 'user-cache'],
] as const;

const textOf = (pack: string): string => readFileSync(path.join(root, 'dist', `${pack}.cjs`), 'utf8');

beforeAll(ensureBuilt);

describe('a start loads what it uses:', () => {
  it('--version nothing, --help the first pack alone', () => {
    expect(loaded(['--version'])).toEqual([]);
    expect(loaded(['--help'])).toEqual(['kapadmin']);
  });

  it('a played scenario the engine and YAML', () => {
    const packs = loaded(['auth', 'test', '--scenario', 'access.yaml'], { 'access.yaml': scenario });
    expect(packs).toEqual(['auth', 'engine', 'kapadmin', 'yaml']);
  });

  it('config check the engine and the findings', () => {
    const words = ['config', 'check', 'kapacitor.conf', '--no-env'];
    expect(loaded(words, { 'kapacitor.conf': configuration })).toEqual(['engine', 'findings', 'kapadmin']);
  });

  it.each(heavy)('%s is not in the first pack', (pack, mark) => {
    expect(textOf(pack)).toContain(mark);
    expect(textOf('kapadmin').includes(mark)).toBe(false);
  });
});
