import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { bin } from './harness/program.js';

/** The packs that a command loads: those whose code it keeps in a new home. */
function loaded(...words: readonly string[]): readonly string[] {
  const home = makeFolder();
  const { PATH = '' } = process.env;
  execFileSync(process.execPath, [bin, ...words], { env: { PATH, HOME: home }, cwd: home });
  const folder = path.join(home, `.cache/kapadmin/code-${process.version}-${process.arch}`);
  const kept = existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/-\w+$/, '')) : [];
  return kept.filter((name) => name.endsWith('.cjs'));
}

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
    expect(loaded('--version')).toEqual([]);
    expect(loaded('--help')).toEqual(['kapadmin.cjs']);
  });

  it.each(heavy)('%s is not in the first pack', (pack, mark) => {
    expect(textOf(pack)).toContain(mark);
    expect(textOf('kapadmin').includes(mark)).toBe(false);
  });
});
