import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { engineOptions, root } from '../../.tools/build.mjs';

/** The second is what takes the place of Node's crypto in it. */
const bcryptjs = new Set(['node_modules/bcryptjs/index.js', '(disabled):crypto']);

describe('kapadmin/engine', () => {
  it('is one file that imports nothing, made of pure modules alone', async () => {
    const { metafile, outputFiles } = await build({ ...engineOptions, write: false, outfile: 'engine.js' });
    const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.filter(({ external }) => external));
    expect(imports).toEqual([]);
    expect(Object.values(metafile.outputs).flatMap((output) => output.imports)).toEqual([]);
    const shipped = Object.values(metafile.outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    );
    const pure =
      /^src\/(engine|errors)\.ts$|^src\/(library|auth-engine|kapacitor-config|go-compat|model|access-matrix)\/|^src\/diagnostics\/(login|fix|config\/(redact|edit|lenient-parse|spelling))/;
    expect(shipped.filter((file) => !pure.test(file) && !bcryptjs.has(file))).toEqual([]);
    const sources = shipped.filter((file) => file.startsWith('src/')).map((file) => path.join(root, file));
    expect(sources.length).toBeGreaterThan(40);
    for (const file of sources) expect(readFileSync(file, 'utf8'), file).not.toMatch(/'node:|\bprocess\.|\bBuffer\./);
    expect(outputFiles[0]?.contents.length).toBeLessThan(250_000);
  });

  it('runs where there is nothing but what all browsers have', async () => {
    const { outputFiles } = await build({
      ...engineOptions,
      write: false,
      format: 'iife',
      globalName: 'engine',
      outfile: 'engine.js',
    });
    const context = vm.createContext({ TextEncoder, TextDecoder, setTimeout });
    vm.runInContext(outputFiles[0]?.text ?? '', context);
    const login = `(async () => {
      const config = '[http]\\nauth-enabled = true\\n[auth]\\nenabled = true\\nbcrypt-cost = 4\\nmeta-addr = "m:8091"\\n';
      const users = [{ name: 'jürgen', password: 'größe', permissions: { '': ['KapacitorAPI'] } }];
      const kapacitor = engine.simulateAuth({ config, users });
      const results = [];
      for (const path of ['/kapacitor/v1/tasks', '/kapacitor/v1/config']) {
        results.push((await kapacitor.test({ username: 'jürgen', password: 'größe', path })).status);
      }
      return [...results, engine.can(users[0], 'GET', '/kapacitor/v1/tasks')].join();
    })()`;
    expect(await vm.runInContext(login, context)).toBe(',403,true');
  });
});
