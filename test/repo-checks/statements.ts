import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { root } from '../../.tools/fresh.mjs';
import { markdownPages } from '../docs/markdown.js';

/** A sentence that the program or a page says. */
export interface Statement {
  readonly file: string;
  readonly text: string;
}

/** Sentences, cells of tables, items of lists. */
function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<=[.?!;])\s+|\n\s*\n|\n(?=\s*(?:[-*#]|\d+\.) )|\s\|\s|\\n\\n/)
    .map((one) => one.replaceAll(/[`*_]/g, '').replaceAll(/\s+/g, ' ').trim())
    .filter((one) => /\s/.test(one));
}

/** The text of an expression with `…` for what is not known before it runs; undefined if it is no text. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    const rest = node.templateSpans.map(({ expression, literal }) => `${textOf(expression) ?? '…'}${literal.text}`);
    return node.head.text + rest.join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined && right === undefined ? undefined : `${left ?? '…'}${right ?? '…'}`;
  }
  return ts.isParenthesizedExpression(node) ? textOf(node.expression) : undefined;
}

const questions = 'src/model/open-questions.ts';

/** Whether it is a text of `byAnswer`, or of the sentences of a question, for an answer that is known. */
function isKnownAnswer(node: ts.Node, file: string): boolean {
  if (!ts.isPropertyAssignment(node) || !['yes', 'no'].includes(node.name.getText())) return false;
  const { parent } = node.parent;
  if (ts.isCallExpression(parent)) return parent.expression.getText() === 'byAnswer';
  return file === questions && ts.isPropertyAssignment(parent) && parent.name.getText() === 'sentences';
}

/** What a question itself says of its answer. */
function isAboutQuestion(node: ts.Node, file: string): boolean {
  return (
    file === questions &&
    ts.isPropertyAssignment(node) &&
    ['question', 'assumption', 'dependents', 'probe'].includes(node.name.getText())
  );
}

/** All texts of a source file, as sentences. */
export function statementsOfSource(file: string, source: string): readonly Statement[] {
  const found: Statement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || isKnownAnswer(node, file) || isAboutQuestion(node, file)) return;
    const text = textOf(node);
    if (text === undefined) ts.forEachChild(node, visit);
    else found.push(...sentencesOf(text).map((one) => ({ file, text: one })));
    if (ts.isTemplateExpression(node)) for (const { expression } of node.templateSpans) visitGap(expression);
  };
  // A gap that is no text itself may hold some, as in `${count === 1 ? 'a' : 'b'}`.
  const visitGap = (node: ts.Node): void => {
    if (textOf(node) === undefined) visit(node);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found;
}

/** The sentences of a page, without its comments and what commands print. */
export function statementsOfPage(file: string, text: string): readonly Statement[] {
  const prose = text.replaceAll(/^```console\n[^]*?^```$/gm, '').replaceAll(/<!--[^]*?-->/g, '');
  return sentencesOf(prose).map((one) => ({ file, text: one }));
}

function sourceFiles(): readonly string[] {
  return readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|js)$/.test(file))
    .map((file) => path.posix.join('src', file));
}

/** Pages that are generated from texts of src. */
const generated = ['commands', 'evidence', 'findings', 'open-questions'].map((name) => `docs/${name}.md`);

/** Everything that the program and the documentation say. */
export function allStatements(): readonly Statement[] {
  return [
    ...sourceFiles().flatMap((file) => statementsOfSource(file, readFileSync(path.join(root, file), 'utf8'))),
    ...markdownPages
      .filter(({ file }) => !generated.includes(file))
      .flatMap(({ file, text }) => statementsOfPage(file, text)),
  ];
}

const answered = new Map([
  ['byAnswer', 1],
  ['openSentence', 1],
  ['roleSentence', 0],
]);

/** Calls that say what holds for `yes` or `no` without looking at what is known: the answer is written down. */
export function constantAnswers(file: string, source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    const place = ts.isCallExpression(node) ? answered.get(node.expression.getText()) : undefined;
    if (place === undefined || !ts.isCallExpression(node)) return;
    const answer = node.arguments[place];
    const isConstant = answer !== undefined && ts.isStringLiteralLike(answer) && answer.text !== 'unknown';
    if (isConstant) found.push(`${file}: ${node.getText()}`);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return found;
}

export function allConstantAnswers(): readonly string[] {
  return sourceFiles().flatMap((file) => constantAnswers(file, readFileSync(path.join(root, file), 'utf8')));
}
