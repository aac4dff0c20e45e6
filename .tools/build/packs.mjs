// Turns esbuild's split chunks into a few CommonJS files, the packs. Node 20 takes half a millisecond for each module
// in ES form and waits for each `import()`; a chunk in a pack costs neither.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { transform } from 'esbuild';
import { chunkFunction } from './chunk.mjs';
import { mainPack, placesOf } from './places.mjs';

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
    return { ...load(${JSON.stringify(idOf(entry))}), ran: () => Object.keys(made) };`;
}

async function oneLine(text) {
  const { code } = await transform(text, { minifyWhitespace: true, minifySyntax: true });
  return code.trim();
}

/** With its digest at the beginning, by which bin/kapadmin.js knows the code that it keeps of it. */
function signed(text) {
  return `/*${createHash('sha256').update(text).digest('hex').slice(0, 16)}*/${text}`;
}

/**
 * @param {import('esbuild').BuildResult} result of a build with `splitting`, `metafile` and without `write`
 * @param {string} entry the output file of the entry point
 * @returns {Promise<Map<string, string>>} name of a file -> its text
 */
export async function packsOf({ metafile, outputFiles }, entry) {
  const homes = new Map([...placesOf(metafile.outputs)].map(([file, pack]) => [idOf(file), pack]));
  const packs = new Map([...new Set(homes.values())].map((pack) => [pack, []]));
  const texts = new Map(outputFiles.map(({ path: file, text }) => [path.basename(file), text]));
  for (const [id, pack] of homes) {
    packs.get(pack).push(`${JSON.stringify(id)}:${await chunkFunction(texts.get(`${id}.js`))}`);
  }
  const start = await oneLine(loader(homes, entry));
  const begin = await oneLine(prelude);
  const textOf = (pack, chunks) =>
    pack === mainPack ? `const chunks={${chunks.join(',\n')}};\n${start}` : `return{${chunks.join(',\n')}};`;
  return new Map(
    [...packs].map(([pack, chunks]) => [`${pack}.cjs`, signed(`(function(require){${begin}${textOf(pack, chunks)}})`)]),
  );
}
