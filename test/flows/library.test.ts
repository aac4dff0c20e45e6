import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';

const page = readFileSync(path.join(root, 'docs/library.md'), 'utf8');
const [example = '', ...others] = [...page.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code ?? '');
const config = `[http]
  auth-enabled = true
[auth]
  enabled = true
  cache-expiration = "5m"
  bcrypt-cost = 10
  meta-addr = "localhost:8091"
`;

/** A folder in which the package is installed, with these files. */
function project(files: Readonly<Record<string, string>>): string {
  const folder = makeFolder({ 'package.json': '{ "private": true, "type": "module" }', ...files });
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(root, path.join(folder, 'node_modules/kapadmin'));
  return folder;
}

function node(args: readonly string[], cwd: string): string {
  return execFileSync(process.execPath, args, { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'] } });
}

describe('the library as its page shows it', () => {
  beforeAll(ensureBuilt);

  it("tests a login in a test-suite of a user's own", () => {
    expect(example.trim().split('\n').length).toBeLessThan(16);
    const folder = project({ 'login.test.js': example, 'kapacitor.conf': config });
    const told = node(['--test', '--test-reporter=tap', 'login.test.js'], folder);
    expect(told).toContain('ok 1 - johndoe reads tasks, and not the configuration');
    expect(told).toMatch(/^# pass 1$/m);
    const other = project({ 'login.test.js': example.replace("['KapacitorAPI']", '[]'), 'kapacitor.conf': config });
    expect(() => node(['--test', 'login.test.js'], other)).toThrow('Command failed');
  });

  it('has types for all that the page calls', { timeout: 90_000 }, () => {
    const [first = '', second = ''] = others;
    const types = "import { KapacitorAuth, type KnownUser, type LoginResult } from 'kapadmin';\n";
    const more =
      'const users: KnownUser[] = [];\nexport const result: LoginResult = await new KapacitorAuth({ config, meta: users }).test({ path: "/" });\n';
    const lines = [first, second]
      .join('\n')
      .replace('createMetaClient, KapacitorAuth, Secret', 'createMetaClient, Secret');
    const folder = project({
      'use.ts': `const config = '';\n${types}${lines}${more}console.log(kapacitor, result.fixes);\n`,
    });
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const given = ['--types', 'node', '--typeRoots', path.join(root, 'node_modules/@types')];
    const settings = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', ...given];
    expect(node([compiler, 'use.ts', ...settings], folder)).toBe('');
  });
});
