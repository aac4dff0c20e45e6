// Holds source files against the table of import directions.
import { builtinModules } from 'node:module';
import { readSource } from './imports.mjs';
import { places } from './rules.mjs';

const reach = { type: 0, lazy: 1, value: 2 };

function fits(file, pattern) {
  if (pattern.endsWith('/')) return file.startsWith(pattern);
  const [start, end] = pattern.split('*');
  return end === undefined
    ? file === pattern
    : file.startsWith(start) && file.endsWith(end) && !file.slice(start.length, -end.length).includes('/');
}

/** The row of the table for a file below src; `exports` decides whether a file of commands is a verb. */
export function rowOf(file, exports) {
  return places.find(
    (row) =>
      row.files.some((pattern) => fits(file, pattern)) &&
      (row.exporting === undefined || exports.includes(row.exporting)),
  );
}

/** Why an import is forbidden, undefined where it is allowed. */
function fault(row, imported, target) {
  const limit = row.may[target] ?? (target === row.place && !row.alone ? 'value' : undefined);
  if (limit === undefined) return `${row.place} may not import ${target}`;
  if (Array.isArray(limit)) {
    const strange = imported.names.filter((name) => !limit.includes(name));
    return strange.length === 0 ? undefined : `${row.place} may not import ${strange.join(', ')} from ${target}`;
  }
  if (reach[imported.kind] <= reach[limit]) return undefined;
  return `${row.place} may import ${target} only ${limit === 'type' ? 'as types' : 'by import()'}`;
}

function fileFaults(file, row, found, read) {
  const faults = found.opaque.map((line) => ({ line, message: 'import() of a computed name' }));
  for (const imported of found.imports) {
    const { line, target: specifier, relative } = imported;
    if (!relative && builtinModules.includes(specifier)) {
      faults.push({ line, message: `write node:${specifier}` });
      continue;
    }
    const target = relative ? rowOf(specifier, read.get(specifier)?.exports ?? [])?.place : specifier;
    const message = target === undefined ? `no place lists ${specifier}` : fault(row, imported, target);
    if (message !== undefined) faults.push({ line, message });
  }
  if (row.pure)
    faults.push(...found.impure.map(({ line, what }) => ({ line, message: `${row.place} is pure: no ${what}` })));
  return faults.map((each) => ({ file, ...each }));
}

/** Import circles, each once, as the files along it; `import()` does not count. */
function circles(read) {
  const found = [];
  const state = new Map();
  const visit = (file, trail) => {
    state.set(file, 'open');
    for (const { target, relative, kind } of read.get(file).imports) {
      if (!relative || kind === 'lazy' || !read.has(target)) continue;
      if (state.get(target) === 'open') found.push([...trail.slice(trail.indexOf(target)), target]);
      else if (state.get(target) === undefined) visit(target, [...trail, target]);
    }
    state.set(file, 'done');
  };
  for (const file of read.keys()) if (!state.has(file)) visit(file, [file]);
  return found;
}

/**
 * @param {ReadonlyMap<string, string>} sources path below src -> text
 * @returns {{file: string, line: number, message: string}[]}
 */
export function checkDirections(sources) {
  const read = new Map([...sources].map(([file, text]) => [file, readSource(file, text)]));
  const faults = [];
  for (const [file, found] of read) {
    const row = rowOf(file, found.exports);
    if (row === undefined)
      faults.push({ file, line: 1, message: 'no place in the table of directions lists this file' });
    else faults.push(...fileFaults(file, row, found, read));
  }
  for (const circle of circles(read)) {
    faults.push({ file: circle[0], line: 1, message: `import circle: ${circle.join(' -> ')}` });
  }
  return faults;
}
