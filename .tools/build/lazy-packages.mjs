/**
 * Throws when a package that is imported by `import()` is in CommonJS form: split chunks give it a default export
 * alone, so that `const { name } = await import(...)`, which works from the sources, would find nothing.
 */
export function checkLazyPackages(metafile) {
  for (const { entryPoint = '', exports } of Object.values(metafile.outputs)) {
    if (!entryPoint.includes('node_modules/')) continue;
    if (exports.length > 1 || exports[0] !== 'default') continue;
    throw new Error(`${entryPoint} is CommonJS: import() of it gives no named exports; alias its ES module form`);
  }
}
