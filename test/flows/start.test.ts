import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { kapadmin, withSandbox } from './harness.js';

/** Fills the cache folder of the versions that kept V8's code with code that creates `marker`. */
function plantCode(home: string, marker: string): void {
  const attack = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '');`;
  const folder = path.join(home, `.cache/kapadmin/code-${process.version}-${process.arch}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ['kapadmin', 'meta', 'undici', 'user', 'index']) {
    const script = new Script(attack, { filename: `${name}.cjs` });
    writeFileSync(path.join(folder, `${name}.cjs-0123456789abcdef`), script.createCachedData(), { mode: 0o600 });
    writeFileSync(path.join(folder, `${name}.cjs`), attack, { mode: 0o600 });
    writeFileSync(path.join(folder, `${name}.js`), attack, { mode: 0o600 });
  }
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

describe('a start', () => {
  it('attack M4: runs no code from the cache folder of an older version, and leaves no file in HOME', () =>
    withSandbox({}, async ({ env }) => {
      const home = makeFolder();
      const marker = path.join(makeFolder(), 'ran');
      plantCode(home, marker);
      const before = filesIn(home);
      for (const words of [['--version'], ['permission', 'list'], ['user', 'list']]) {
        expect(await kapadmin(words, { home, env })).toMatchObject({ code: 0, stderr: '' });
      }
      expect(existsSync(marker)).toBe(false);
      expect(filesIn(home)).toEqual(before);
    }));

  it('attack M4: has no means to keep or to take in the code of V8', () => {
    const sources = ['.tools', 'bin', 'src', 'dist/chunks'].flatMap((folder) =>
      filesIn(path.join(root, folder)).map((file) => path.join(root, folder, file)),
    );
    const code = sources.filter((file) => /\.(m?js|ts)$/.test(file));
    expect(code.length).toBeGreaterThan(200);
    const forbidden = /wasm-tiering|createCachedData|setFlagsFromString|enableCompileCache/;
    expect(code.filter((file) => forbidden.test(readFileSync(file, 'utf8')))).toEqual([]);
  });

  it('without dist/ names the command that builds it', () => {
    const folder = makeFolder({ 'package.json': '{ "type": "module" }' });
    cpSync(path.join(root, 'bin'), path.join(folder, 'bin'), { recursive: true });
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/kapadmin.js', 'user', 'list'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
    expect(stderr).toBe('error: kapadmin is not built: dist/ is missing\nRun `npm run build`.\n');
  });
});
