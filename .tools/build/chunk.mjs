// One of esbuild's split chunks as a function that returns what the chunk exports.
import { transform } from 'esbuild';

/** What esbuild puts before a module in CommonJS form: functions of its own, and the module's exports as getters. */
const head =
  /^(?:(?:var|let|const) [^\n]*?)__export\(stdin_exports,\{([^}]*)\}\);module\.exports=__toCommonJS\(stdin_exports\);/;
const tail = /0&&\(module\.exports=\{[^}]*\}\);\s*$/;
const helpers =
  /^__(?:create|defProp|getOwnPropDesc|getOwnPropNames|getProtoOf|hasOwnProp|export|copyProps|toESM|toCommonJS)$/;

function exportsOf(list) {
  return list === '' ? [] : list.split(',').map((entry) => /^([\w$]+):\(\)=>([\w$.]+)$/.exec(entry).slice(1));
}

/** Whether a name of a chunk has its value at the chunk's end for good; false where that is not sure. */
function isConstant(name, code) {
  if (name.includes('.')) return false;
  const word = name.replaceAll('$', '\\$');
  const changes = new RegExp(
    `(?<![.\\w$])${word}(?:[-+*/%&|^<>?]*=(?![=>])|\\+\\+|--)|(?:\\+\\+|--)${word}(?![\\w$])`,
    'g',
  );
  const count = [...code.matchAll(changes)].length;
  const declared = `(?:\\b(?:var|let|const) |,)${word}`;
  const isInitial = new RegExp(`${declared}=`).test(code) && !new RegExp(`${declared}[,;]`).test(code);
  return count === 0 || (count === 1 && isInitial);
}

/** Throws where the text before the exports holds more than is left out with it. */
function checkHead(text) {
  const names = [...text.matchAll(/(?:^|[;,]) ?(?:(?:var|let|const) )?(\w+)=(?!=)/g)].map(([, name]) => name);
  const strange = names.filter((name) => name.startsWith('__') && !helpers.test(name));
  if (strange.length > 0) throw new Error(`a chunk begins with ${strange.join(', ')}`);
}

/**
 * The text of a function that gets other chunks by `__load` and what Node has by `require`; `esm` gives a module of
 * Node as `import` would. Costly modules of Node are loaded where a chunk first uses them, by `late`.
 */
export async function chunkFunction(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifyWhitespace: true,
    minifySyntax: true,
    supported: { 'dynamic-import': false },
  });
  const found = head.exec(code);
  if (found === null) throw new Error(`a chunk begins in another way: ${code.slice(0, 100)}`);
  checkHead(found[0]);
  const body = code
    .slice(found[0].length)
    .replace(tail, '')
    .replaceAll(/\b__toESM\(require\("\.[^"]*\/([^"/]+)\.js"\)\)/g, '__load("$1")')
    .replaceAll(/\brequire\("\.[^"]*\/([^"/]+)\.js"\)/g, '__load("$1")')
    .replaceAll(/\b__toESM\(require\(/g, 'esm(require(')
    .replaceAll(/\b(\w+)=require\("(node:(?:crypto|os|timers\/promises|tls|zlib))"\)/g, '$1=late("$2")')
    .replaceAll(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const entries = exportsOf(found[1]).map(([name, local]) =>
    isConstant(local, body) ? `${name}:${local}` : `get ${name}(){return ${local}}`,
  );
  return `function(__load){${body}\nreturn{${entries.join(',')}}}`;
}
