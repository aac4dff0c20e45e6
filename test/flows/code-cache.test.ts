import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { bin } from './harness/program.js';

const leaf = `kapadmin/code-${process.version}-${process.arch}`;

const list = ['permission', 'list', '-o', 'name'];

/** Runs the program; its code may be kept. */
function start(env: Record<string, string>, words: readonly string[] = list): void {
  const { PATH = '' } = process.env;
  expect(execFileSync(process.execPath, [bin, ...words], { env: { PATH, ...env }, encoding: 'utf8' })).toContain(
    'KapacitorAPI',
  );
}

function kept(folder: string): readonly string[] {
  return readdirSync(folder).toSorted();
}

beforeAll(ensureBuilt);

describe('the code that V8 made of the program', () => {
  it("is kept in the user's own cache folder, for nobody else, and used by the next start", () => {
    const home = makeFolder();
    const folder = path.join(home, '.cache', leaf);
    start({ HOME: home });
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const names = kept(folder);
    expect(names.some((name) => name.startsWith('kapadmin.cjs-'))).toBe(true);
    for (const name of names) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
    const times = names.map((name) => statSync(path.join(folder, name)).mtimeMs);
    start({ HOME: home });
    expect(kept(folder)).toEqual(names);
    expect(names.map((name) => statSync(path.join(folder, name)).mtimeMs)).toEqual(times);
  });

  it('is kept once more for a command that is the first to run a part of it', () => {
    const home = makeFolder();
    const folder = path.join(home, '.cache', leaf);
    const explain = ['permission', 'show', 'KapacitorAPI'];
    const timesAfter = (words: readonly string[]): readonly number[] => {
      start({ HOME: home }, words);
      return kept(folder).map((name) => statSync(path.join(folder, name)).mtimeMs);
    };
    const one = timesAfter(list);
    const both = timesAfter(explain);
    expect(both).toHaveLength(one.length);
    for (const [i, time] of both.entries()) expect(time).toBeGreaterThan(one[i] ?? Infinity);
    expect(timesAfter(list)).toEqual(both);
    expect(timesAfter(explain)).toEqual(both);
  });

  it('is kept below XDG_CACHE_HOME where that is given', () => {
    const home = makeFolder();
    const cache = makeFolder();
    start({ HOME: home, XDG_CACHE_HOME: cache });
    expect(kept(path.join(cache, leaf))).not.toEqual([]);
    expect(existsSync(path.join(home, '.cache'))).toBe(false);
  });

  it('is kept nowhere without a home, and where it is switched off', () => {
    const home = makeFolder();
    start({ HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' });
    start({ HOME: '' });
    start({ HOME: path.join(home, 'none') });
    expect(readdirSync(home)).toEqual([]);
  });

  it.each([
    ['is open to others', (folder: string) => chmodSync(folder, 0o755)],
    ['can be exchanged by others', (folder: string) => chmodSync(path.dirname(folder), 0o777)],
  ])('is neither read nor kept in a folder that %s', (_, open) => {
    const home = makeFolder();
    const folder = path.join(home, '.cache', leaf);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    open(folder);
    start({ HOME: home });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not kept where a link leads elsewhere', () => {
    const home = makeFolder();
    const elsewhere = makeFolder();
    mkdirSync(path.join(home, '.cache/kapadmin'), { recursive: true });
    symlinkSync(elsewhere, path.join(home, '.cache', leaf));
    start({ HOME: home });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('is made anew where it is damaged or of another text, and the old one goes', () => {
    const home = makeFolder();
    const folder = path.join(home, '.cache', leaf);
    start({ HOME: home });
    const names = kept(folder);
    const [first = ''] = names;
    writeFileSync(path.join(folder, first), 'damaged');
    writeFileSync(path.join(folder, 'kapadmin.cjs-0123456789abcdef'), 'old');
    start({ HOME: home });
    expect(kept(folder)).toEqual(names);
    expect(readFileSync(path.join(folder, first)).length).toBeGreaterThan(100);
  });
});
