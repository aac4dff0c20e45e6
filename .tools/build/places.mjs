// Which pack each of esbuild's chunks goes to: what one command needs should stand in few packs, with little beside it.

export const mainPack = 'kapadmin';

/** Which pack the text of a file goes to: first match first. A chunk goes where most of it does. */
const places = [
  [/node_modules\/(commander|chalk|string-width|get-east-asian-width)\//, mainPack],
  [/node_modules\/@inquirer\//, 'inquirer'],
  [/node_modules\/cli-spinners\//, 'ora'],
  [/node_modules\/valibot\//, 'meta'],
  [/node_modules\/([^/]+)\//, ([, name]) => name],
  [/^src\/(model\/|output\/[^/]+$|[^/]+$)/, mainPack],
  [
    /^src\/settings\/(flags|format|config-find|origin|password|secret-text|stdin|generate|read-named|kapacitor|environment-file|state-files)\.ts$/,
    mainPack,
  ],
  [
    /^src\/sandbox\/(start|server|spoil|respond|cluster|data-file|seed-file|tls-files|nodes|options|bcrypt)\.ts$/,
    'sandbox',
  ],
  [/^src\/(kapacitor|scenario|sandbox\/[^/]+$|drive\/|output\/views\/(scenarios|trace))/, 'engine'],
  [/^src\/(login|report\/login|output\/views\/login)/, 'login'],
  [/^src\/(report\/matrix|output\/html|output\/views\/matrix)\//, 'matrix'],
  [/^src\/(report\/findings\/|output\/views\/(findings|fix|template|used-config)|commands\/config\/)/, 'findings'],
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

/** What the entry point imports, and what that imports. */
function neededAtStart(outputs) {
  const entry = Object.keys(outputs).find((file) => outputs[file].entryPoint === 'src/process.ts');
  const needed = new Set([entry]);
  for (const file of needed) {
    for (const { path, kind, external } of outputs[file].imports) {
      if (kind === 'import-statement' && external !== true) needed.add(path);
    }
  }
  return needed;
}

/** Bytes up to which a chunk costs less in every start than a pack more in some. */
const small = 1200;

/** The small chunks that stand in one pack and are imported from another. */
function smallAndShared(outputs, places) {
  const imported = Object.entries(outputs).flatMap(([file, { imports }]) =>
    imports
      .filter(({ path, kind }) => kind === 'import-statement' && places.has(path))
      .filter(({ path }) => places.get(path) !== places.get(file) && outputs[path].bytes <= small)
      .map(({ path }) => path),
  );
  return new Set(imported);
}

/**
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @returns {Map<string, string>} file of a chunk -> pack
 */
export function placesOf(outputs) {
  const places = new Map(Object.entries(outputs).map(([file, output]) => [file, packOf(output)]));
  const main = [...smallAndShared(outputs, places), ...neededAtStart(outputs)];
  return new Map([...places, ...main.map((file) => [file, mainPack])]);
}
