import { describe, expect, it } from 'vitest';
import { checkDirections } from '../../.tools/directions/check.mjs';
import { impureGlobals } from '../../.tools/directions/imports.mjs';
import { places } from '../../.tools/directions/rules.mjs';
import { readSources } from '../../.tools/directions/sources.mjs';

interface Row {
  readonly place: string;
  readonly files: readonly string[];
  readonly exporting?: string;
  readonly alone?: boolean;
  readonly pure?: boolean;
  readonly may: Readonly<Record<string, string | readonly string[]>>;
}

const rows: readonly Row[] = places;
const builtins = [
  'node:fs',
  'node:fs/promises',
  'node:http',
  'node:net',
  'node:child_process',
  'node:os',
  'node:crypto',
];
const packages = [
  'undici',
  'inquirer',
  'ora',
  'yaml',
  'cosmiconfig',
  'valibot',
  'bcryptjs',
  'hash-wasm',
  'smol-toml',
  'chalk',
  'commander',
  'fast-string-width',
];

function row(place: string): Row {
  const found = rows.find((each) => each.place === place);
  if (found === undefined) throw new Error(`no such place: ${place}`);
  return found;
}

/** A file that belongs to a row; those of folders get a name that no other row lists. */
function fileOf({ files: [pattern = ''] }: Row, name: string): string {
  return pattern.endsWith('/') ? `${pattern}planted/${name}.ts` : pattern.replace('*', name);
}

function asMember(of: Row, text: string): string {
  return of.exporting === undefined ? text : `${text}\nexport function ${of.exporting}(): void {}`;
}

/** What the checker says of a text in one place, beside files of the places it may refer to. */
function plant(from: Row, text: string, ...beside: readonly Row[]): string[] {
  const file = fileOf(from, 'planted');
  const files = new Map(beside.map((to) => [fileOf(to, 'target'), asMember(to, '')]));
  return checkDirections(files.set(file, asMember(from, text)))
    .filter((fault) => fault.file === file)
    .map((fault) => fault.message);
}

function specifier(from: Row, to: Row): string {
  const depth = fileOf(from, 'planted').split('/').length - 1;
  return `${depth === 0 ? './' : '../'.repeat(depth)}${fileOf(to, 'target').replace(/\.ts$/, '.js')}`;
}

/** The three ways to import a name. */
function ways(from: string): { type: string; lazy: string; value: string } {
  return {
    type: `import type { a } from '${from}';`,
    lazy: `export const load = () => import('${from}');`,
    value: `import { a } from '${from}';`,
  };
}

describe('import directions', () => {
  it('hold in src', () => {
    expect(checkDirections(readSources())).toEqual([]);
  });

  it.each(rows)('$place: every place that it may not import is found, however it is imported', (from) => {
    for (const to of rows) {
      if (to.place in from.may || (to.place === from.place && from.alone !== true)) continue;
      for (const line of Object.values(ways(specifier(from, to)))) {
        expect(plant(from, line, to), line).toContain(`${from.place} may not import ${to.place}`);
      }
    }
  });

  it.each(rows)('$place: every package and builtin that it may not import is found', (from) => {
    for (const name of [...packages, ...builtins].filter((each) => !(each in from.may))) {
      for (const line of Object.values(ways(name))) {
        expect(plant(from, line), line).toContain(`${from.place} may not import ${name}`);
      }
    }
  });

  it.each(rows)('$place: what it may import only in part or only lazily is held to that', (from) => {
    for (const [name, limit] of Object.entries(from.may)) {
      const to = rows.find((each) => each.place === name);
      const { type, lazy, value } = ways(to === undefined ? name : specifier(from, to));
      const beside = to === undefined ? [] : [to];
      const forbidden = Array.isArray(limit)
        ? [value, type]
        : { value: [], lazy: [value], type: [value, lazy] }[String(limit)];
      for (const line of forbidden ?? []) expect(plant(from, line, ...beside), line).toHaveLength(1);
      const allowed = Array.isArray(limit) ? value.replace(' a ', ` ${limit[0]} `) : type;
      expect(plant(from, allowed, ...beside), allowed).toEqual([]);
    }
  });

  it.each(rows.filter((each) => each.pure))('$place is pure', (from) => {
    const impure = [...impureGlobals, 'Date.now()', 'new Date()', 'Math.random()'];
    for (const text of impure) expect(plant(from, `export const a = ${text};`), text).toHaveLength(1);
    for (const text of ['const { random } = Math;', 'const now = Date; now.now();', 'const a = { process };']) {
      expect(plant(from, text), text).toHaveLength(1);
    }
    const pure =
      'export const a = [new Date(0), Date.parse("2026"), Math.min(1), x.process, { process: 1 }]; let d: Date;';
    expect(plant(from, pure)).toEqual([]);
  });

  it.each([
    ['model imports nothing', 'model', 'kapacitor'],
    ['the engine does not know the meta client', 'kapacitor', 'meta'],
    ['the meta client does not know the commands', 'meta', 'verb'],
    ['the planner does not write', 'state', 'executor'],
    ['output knows no meta', 'output', 'meta'],
    ['output knows no commands', 'output', 'verb'],
    ['a verb imports no other verb', 'verb', 'verb'],
    ['the handler opens no socket', 'sandbox', 'node:http'],
    ['HTTP is spoken in one file', 'meta', 'undici'],
    ['verbs send nothing themselves', 'verb', 'undici'],
    ['the executor sends through the client', 'executor', 'undici'],
    ['colour is for output', 'verb', 'chalk'],
    ['verbs ask through the prompter', 'verb', 'inquirer'],
    ['files are read through the context', 'settings', 'node:fs/promises'],
    ['the engine reads no files', 'kapacitor', 'node:fs'],
    ['the report has no colour', 'report', 'chalk'],
    ['the planner parses no words', 'state', 'commander'],
  ])('%s', (_, from, to) => {
    const target = rows.find((each) => each.place === to);
    const line = ways(target === undefined ? to : specifier(row(from), target)).value;
    expect(plant(row(from), line, ...(target === undefined ? [] : [target]))).toHaveLength(1);
  });

  it('finds import circles, of types too, but none through import()', () => {
    const circle = (line: string): string[] =>
      checkDirections(
        new Map([
          ['model/a.ts', "import { b } from './b.js';"],
          ['model/b.ts', line],
        ]),
      ).map((each) => each.message);
    expect(circle("import { a } from './a.js';")).toEqual(['import circle: model/a.ts -> model/b.ts -> model/a.ts']);
    expect(circle("import type { A } from './a.js';")).toHaveLength(1);
    expect(circle("export * from './a.js';")).toHaveLength(1);
    expect(circle("export const load = () => import('./a.js');")).toEqual([]);
  });

  it('finds files without a place, computed imports and builtins without node:', () => {
    expect(checkDirections(new Map([['stray.ts', '']]))).toHaveLength(1);
    expect(plant(row('verb'), 'const a = import(name);')).toEqual(['import() of a computed name']);
    expect(plant(row('files'), "import path from 'path';")).toEqual(['write node:path']);
    expect(plant(row('errors'), "import { a } from './stray.js';")).toEqual(['no place lists stray.ts']);
  });

  it('finds imports in every form', () => {
    const forms = [
      "import 'undici';",
      "import * as u from 'undici';",
      "import u from 'undici';",
      "export * from 'undici';",
    ];
    const more = ["export { a } from 'undici';", "import { type A } from 'undici';", "let a: import('undici').Agent;"];
    for (const form of [...forms, ...more]) expect(plant(row('model'), form), form).toHaveLength(1);
  });
});
