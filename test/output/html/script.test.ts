import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { reportScript } from '../../../src/output/html/script/index.js';
import { makeFolder } from '../../folder.js';

const root = path.resolve(import.meta.dirname, '../../..');

const types = `export {};
declare global {
  type ReportData = import('${root}/src/output/html/data.js').ReportData;
  type Command = import('${root}/src/output/html/data.js').Command;
}
`;

/** What the compiler says of the script as JavaScript with types in comments, for a browser. */
function faults(script: string): readonly string[] {
  const folder = makeFolder({ 'report.js': script, 'types.d.ts': types });
  const file = path.join(folder, 'report.js');
  const program = ts.createProgram([file, path.join(folder, 'types.d.ts')], {
    allowJs: true,
    checkJs: true,
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
  });
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((one) => {
    const { line } = source?.getLineAndCharacterOfPosition(one.start ?? 0) ?? { line: 0 };
    return `${line + 1}: ${ts.flattenDiagnosticMessageText(one.messageText, ' ')}`;
  });
}

describe('the script of the report', () => {
  it('is right by its types, with those of the data it reads', () => {
    expect(faults(reportScript)).toEqual([]);
  });

  it('would be found wrong', () => {
    expect(faults(`${reportScript}\ndocument.querySelectorAl('a');`)).toHaveLength(1);
  });

  it('writes text alone: it has no way to make HTML or code of a name', () => {
    expect(reportScript).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|srcdoc|DOMParser|createContextual/,
    );
  });

  it('asks no network', () => {
    expect(reportScript).not.toMatch(/fetch|XMLHttp|WebSocket|sendBeacon|import\(|\bsrc\b|href|https?:/);
  });
});
