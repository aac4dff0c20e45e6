// What one source file imports, exports and takes from the outside world, read with TypeScript's parser.
import path from 'node:path';
import ts from 'typescript';

/** What no pure place may name, beside `Math.random` and `Date` as a clock. */
export const impureGlobals = [
  'process',
  'console',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'crypto',
  'globalThis',
  'navigator',
  'WebSocket',
];

/**
 * @typedef {object} Import
 * @property {number} line
 * @property {string} target a file below src (`meta/client.ts`), a package (`undici`) or a builtin (`node:fs`)
 * @property {boolean} relative
 * @property {'value' | 'type' | 'lazy'} kind
 * @property {string[]} names the imported names; `*` for all, `default`
 */

/** `@scope/name/sub` -> `@scope/name`; builtins keep their sub-path. */
function packageName(specifier) {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function resolve(file, specifier) {
  if (!specifier.startsWith('.')) return { relative: false, target: packageName(specifier) };
  return { relative: true, target: path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts') };
}

/** The named bindings of an import or export clause, and whether all of them are types. */
function bindings(elements) {
  return {
    names: elements.map((element) => (element.propertyName ?? element.name).text),
    types: elements.length > 0 && elements.every((element) => element.isTypeOnly),
  };
}

function ofImport(clause) {
  if (clause === undefined) return { names: ['*'], types: false };
  const named = clause.namedBindings;
  const listed = named !== undefined && ts.isNamedImports(named) ? bindings(named.elements) : undefined;
  const names = [...(clause.name ? ['default'] : []), ...(listed?.names ?? (named ? ['*'] : []))];
  return { names, types: clause.isTypeOnly || (clause.name === undefined && listed?.types === true) };
}

function ofExport(node) {
  const clause = node.exportClause;
  const listed = clause !== undefined && ts.isNamedExports(clause) ? bindings(clause.elements) : undefined;
  return { names: listed?.names ?? ['*'], types: node.isTypeOnly || listed?.types === true };
}

function isExported(node) {
  return node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
}

/** Whether an identifier stands for a value, and is no name of a property, a declaration or a type. */
function isReference(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isTypeNode(parent) || ts.isQualifiedName(parent) || ts.isImportSpecifier(parent)) return false;
  return parent.name !== node;
}

const calendar = new Set(['parse', 'UTC']);

/** `Date` as a calendar (`new Date(ms)`, `Date.parse`, `instanceof`) reads no clock. */
function isCalendar({ parent }) {
  if (ts.isPropertyAccessExpression(parent)) return calendar.has(parent.name.text);
  if (ts.isNewExpression(parent)) return (parent.arguments?.length ?? 0) > 0;
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword;
}

/** What a node takes from the outside world, undefined where it is pure. */
function outside(node) {
  if (!ts.isIdentifier(node) || !isReference(node)) return undefined;
  if (node.text === 'Date') return isCalendar(node) ? undefined : 'Date';
  if (node.text === 'Math')
    return ts.isPropertyAccessExpression(node.parent) && node.parent.name.text !== 'random' ? undefined : 'Math.random';
  return impureGlobals.includes(node.text) ? node.text : undefined;
}

/** @returns {{imports: Import[], exports: string[], impure: {line: number, what: string}[], opaque: number[]}} */
export function readSource(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found = { imports: [], exports: [], impure: [], opaque: [] };
  const lineOf = (node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const add = (node, specifier, kind, names) =>
    found.imports.push({ line: lineOf(node), kind, names, ...resolve(file, specifier) });

  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      const { names, types } = ofImport(node.importClause);
      add(node, node.moduleSpecifier.text, types ? 'type' : 'value', names);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      const { names, types } = ofExport(node);
      add(node, node.moduleSpecifier.text, types ? 'type' : 'value', names);
    } else if (ts.isImportTypeNode(node)) {
      add(node, node.argument.literal.text, 'type', ['*']);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined && ts.isStringLiteralLike(specifier)) add(node, specifier.text, 'lazy', ['*']);
      else found.opaque.push(lineOf(node));
    } else if (ts.isFunctionDeclaration(node) && isExported(node) && node.name !== undefined) {
      found.exports.push(node.name.text);
    } else if (ts.isVariableStatement(node) && isExported(node)) {
      found.exports.push(...node.declarationList.declarations.map((declaration) => declaration.name.getText()));
    } else if (outside(node) !== undefined) {
      found.impure.push({ line: lineOf(node), what: outside(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
