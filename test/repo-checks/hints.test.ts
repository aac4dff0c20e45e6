import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';

/** The beginnings of the texts that an expression may be. */
function beginnings(node: ts.Node | undefined): readonly string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [node.head.text];
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(beginnings);
  if (ts.isBinaryExpression(node)) return beginnings(node.left);
  if (ts.isArrowFunction(node)) return beginnings(node.body);
  return ts.isParenthesizedExpression(node) ? beginnings(node.expression) : [];
}

/** The expression that is a hint: of a property, a constant, an error of wrong usage or a problem of a state file. */
function hintIn(node: ts.Node): ts.Node | undefined {
  if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) {
    return /hint$/i.test(node.name.getText()) ? node.initializer : undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const called = node.expression.getText();
  if (called === 'usageError') return node.arguments[2];
  return /^report\.(?:error|warn)$/.test(called) ? node.arguments[3] : undefined;
}

function lowerCaseHints(file: string, source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    for (const text of beginnings(hintIn(node))) if (/^[a-z]/.test(text)) found.push(`${file}: ${text}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found;
}

describe('the hint of an error', () => {
  it('begins with a capital', () => {
    const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts'));
    const found = sources.flatMap((file) => lowerCaseHints(file, readFileSync(path.join(root, 'src', file), 'utf8')));
    expect(found).toEqual([]);
  });

  it('is found where it stands', () => {
    const source =
      "usageError('a', 'b', 'use c'); const x = { hint: () => y ? 'set d' : 'Good' }; const zHint = `run ${e}`;";
    expect(lowerCaseHints('f', source)).toEqual(['f: use c', 'f: set d', 'f: run ']);
  });
});
