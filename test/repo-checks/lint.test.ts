import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(path.join(tmpdir(), 'kapadmin-lint-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** A file planted with a fault, the fault, and what lint calls it. */
const planted = [
  ['src/a-default.ts', 'export default 1;', 'no-default-export'],
  ['src/an-any.ts', 'export const a: any = 1;', 'no-explicit-any'],
  ['src/a-console.ts', 'console.log(1);', 'no-console'],
  ['src/a-process.ts', 'export const a = process.argv;', 'no-restricted-globals'],
  ['src/a-fetch.ts', "export const a = fetch('http://127.0.0.1');", 'no-restricted-globals'],
  ['src/an-exit.ts', 'process.exit(1);', 'no-process-exit'],
  ['src/a-floating-promise.ts', 'async function a(): Promise<void> {}\na();', 'no-floating-promises'],
  ['src/a-misused-promise.ts', 'async function a() {}\nexport const b = a() ? 1 : 2;', 'no-misused-promises'],
  ['src/a-thrown-text.ts', "throw 'text';", 'only-throw-error'],
  [
    'src/a-missing-case.ts',
    "export function f(a: 'x' | 'y') { switch (a) { case 'x': return 1; } return 2; }",
    'switch-exhaustiveness-check',
  ],
  ['src/an-unsafe-value.ts', "export const a: string = JSON.parse('1');", 'no-unsafe-assignment'],
  ['src/a-loose-equality.ts', 'export const f = (a: number) => a == 1;', 'eqeqeq'],
  ['src/a-todo.ts', '// TODO: more\nexport const a = 1;', 'no-warning-comments'],
  ['src/a-ts-ignore.ts', "// @ts-ignore\nexport const a: number = '';", 'ban-ts-comment'],
  ['src/a-bare-builtin.ts', "export { readFile } from 'fs';", 'prefer-node-protocol'],
  ['test/a-skipped.test.ts', "import { it } from 'vitest';\nit.skip('works', () => {});", 'no-disabled-tests'],
  ['test/a-singled-out.test.ts', "import { it } from 'vitest';\nit.only('works', () => {});", 'no-focused-tests'],
] as const;

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
}

function lintCopy(): readonly Diagnostic[] {
  for (const name of ['.oxlintrc.json', 'tsconfig.json']) cpSync(path.join(root, name), path.join(copy, name));
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  for (const [file, text] of planted) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    writeFileSync(path.join(copy, file), text);
  }
  const lint = path.join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [lint, '-f', 'json'], { cwd: copy, encoding: 'utf8' });
  return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
}

describe('lint', () => {
  const found = lintCopy();

  it.each(planted)('finds %s', (file, _, rule) => {
    expect(found.filter((each) => each.filename === file).map((each) => each.code)).toContainEqual(
      expect.stringContaining(`(${rule})`),
    );
  });

  it('fails on a circle of imports, types included, and names it', () => {
    for (const name of ['.dependency-cruiser.mjs', 'package.json'])
      cpSync(path.join(root, name), path.join(copy, name));
    writeFileSync(path.join(copy, 'src/one.ts'), "import type { Two } from './two.js';\nexport type One = Two[];\n");
    writeFileSync(path.join(copy, 'src/two.ts'), "import type { One } from './one.js';\nexport type Two = One[];\n");
    const check = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const { status, stdout } = spawnSync(process.execPath, [check, 'src'], { cwd: copy, encoding: 'utf8' });
    expect(status).toBeGreaterThan(0);
    expect(stdout).toMatch(/no-circular: src\/(one|two)\.ts/);
  });
});
