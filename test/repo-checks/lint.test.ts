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
});

/** A rule of imports, and a file of src that breaks it. */
const forbidden = [
  ['pure-imports-pure', 'diagnostics/planted.ts', "export { b } from '../meta/planted-b.js';"],
  ['pure-has-no-io', 'model/planted.ts', "export { readFileSync } from 'node:fs';"],
  ['go-compat-stands-alone', 'go-compat/planted.ts', "export { b } from '../model/planted-b.js';"],
  ['engine-knows-only-kapacitor', 'auth-engine/planted.ts', "export type { B } from '../diagnostics/planted-b.js';"],
  ['commands-are-the-top', 'meta/planted.ts', "export { b } from '../commands/planted-b.js';"],
  ['output-prints-results', 'output/planted.ts', "export { b } from '../settings/planted-b.js';"],
  ['library-has-no-terminal', 'library/planted.ts', "export type { B } from '../output/planted-b.js';"],
  ['sandbox-stays-apart', 'mutations/planted.ts', "export type { B } from '../sandbox/planted-b.js';"],
  ['undici-in-transport', 'meta/planted-c.ts', "export { request } from 'undici';"],
  ['terminal-in-output-and-prompt', 'settings/planted.ts', "export { default } from 'chalk';"],
  ['commander-in-cli', 'meta/planted-d.ts', "export { Command } from 'commander';"],
] as const;

describe('the rules of imports', () => {
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(copy, 'src', file)), { recursive: true });
    writeFileSync(path.join(copy, 'src', file), text);
  };
  const faults = (): string => {
    for (const name of ['.dependency-cruiser.mjs', 'package.json'])
      cpSync(path.join(root, name), path.join(copy, name));
    for (const [, file, text] of forbidden) {
      write(file, `${text}\n`);
      const [, target] = /'\.\.\/(.+)\.js'/.exec(text) ?? [];
      if (target !== undefined) write(`${target}.ts`, 'export const b = 1;\nexport type B = number;\n');
    }
    write('one.ts', "import type { Two } from './two.js';\nexport type One = Two[];\n");
    write('two.ts', "import type { One } from './one.js';\nexport type Two = One[];\n");
    const check = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    return spawnSync(process.execPath, [check, 'src'], { cwd: copy, encoding: 'utf8' }).stdout;
  };
  const found = faults();

  it.each(forbidden)('%s', (rule, file) => {
    expect(found).toContain(`error ${rule}: src/${file}`);
  });

  it('no-circular, types included', () => {
    expect(found).toMatch(/error no-circular: src\/(one|two)\.ts/);
  });
});
