// Turns esbuild's split chunks into a few CommonJS files, the packs. Node 20 takes half a millisecond for each module
// in ES form and waits for each `import()`; a chunk in a pack costs neither.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { transform } from 'esbuild';
import { chunkFunction } from './chunk.mjs';

export const mainPack = 'kapadmin';

/** Which pack the text of a file goes to: first match first. A chunk goes where most of it does. */
const places = [
  [/node_modules\/(commander|chalk)\//, mainPack],
  [/node_modules\/@inquirer\//, 'inquirer'],
  [/node_modules\/cli-spinners\//, 'ora'],
  [/node_modules\/get-east-asian-width\//, 'string-width'],
  [/node_modules\/([^/]+)\//, ([, name]) => name],
  [/^src\/(model\/|output\/[^/]+$|[^/]+$)/, mainPack],
  [/^src\/settings\/(flags|format|config-find|origin|password|secret-text|stdin|generate|read-named)\.ts$/, mainPack],
  [
    /^src\/sandbox\/(start|server|spoil|respond|cluster|data-file|seed-file|tls-files|nodes|options|bcrypt)\.ts$/,
    'sandbox',
  ],
  [/^src\/(kapacitor|scenario|sandbox\/[^/]+$|login\/(bcrypt|drive)\.ts|output\/views\/(scenarios|trace))/, 'engine'],
  [/^src\/(login|report\/login|output\/views\/login)/, 'login'],
  [/^src\/(report\/matrix|output\/html|output\/views\/matrix)\//, 'matrix'],
  [/^src\/(meta|change)\//, 'meta'],
  [/^src\/commands\/[^/]+$/, 'commands'],
  [/^src\/commands\/([^/]+)/, ([, name]) => name],
  [/^src\/([^/]+)/, ([, name]) => name],
];

function placeOf(file) {
  for (const [pattern, pack] of places) {
    const found = pattern.exec(file);
    if (found !== null) return typeof pack === 'string' ? pack : pack(found);
  }
  return mainPack;
}

function packOf({ inputs }) {
  const sizes = new Map([[mainPack, 0]]);
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const pack = placeOf(file);
    sizes.set(pack, (sizes.get(pack) ?? 0) + bytesInOutput);
  }
  return [...sizes].toSorted(([, a], [, b]) => b - a)[0][0];
}

const idOf = (file) => path.basename(file, '.js');

/**
 * Node takes milliseconds to load some of its modules: a pack loads them where it first uses them. `import` gives what
 * a module of Node exports also as its default.
 */
const prelude = `"use strict";
  const late = (name) => new Proxy({}, { get: (_, key) => require(name)[key] });
  const esm = (module) => ({ __proto__: module, default: module });`;

function loader(homes, entry) {
  const others = [...homes].filter(([, pack]) => pack !== mainPack);
  return `
    const homes = ${JSON.stringify(Object.fromEntries(others))};
    const made = {__proto__:null};
    const load = (id) => made[id] ??= (chunks[id] ?? require('./' + homes[id] + '.cjs')[id])(load);
    return load(${JSON.stringify(idOf(entry))});`;
}

async function oneLine(text) {
  const { code } = await transform(text, { minifyWhitespace: true, minifySyntax: true });
  return code.trim();
}

/** With its digest at the beginning, by which bin/packs.js knows the code that it keeps of it. */
function signed(text) {
  return `/*${createHash('sha256').update(text).digest('hex').slice(0, 16)}*/${text}`;
}

/**
 * @param {import('esbuild').BuildResult} result of a build with `splitting`, `metafile` and without `write`
 * @param {string} entry the output file of the entry point
 * @returns {Promise<Map<string, string>>} name of a file -> its text
 */
export async function packsOf({ metafile, outputFiles }, entry) {
  const homes = new Map();
  const packs = new Map([[mainPack, []]]);
  const texts = new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text]));
  for (const [file, output] of Object.entries(metafile.outputs)) {
    const pack = packOf(output);
    homes.set(idOf(file), pack);
    if (!packs.has(pack)) packs.set(pack, []);
    packs.get(pack).push(`${JSON.stringify(idOf(file))}:${await chunkFunction(texts.get(path.basename(file)))}`);
  }
  const start = await oneLine(loader(homes, entry));
  const begin = await oneLine(prelude);
  const textOf = (pack, chunks) =>
    pack === mainPack ? `const chunks={${chunks.join(',\n')}};\n${start}` : `return{${chunks.join(',\n')}};`;
  return new Map(
    [...packs].map(([pack, chunks]) => [`${pack}.cjs`, signed(`(function(require){${begin}${textOf(pack, chunks)}})`)]),
  );
}
