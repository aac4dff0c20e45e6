import path from 'node:path';
import { leaveOut } from './left-out.mjs';
import { root } from './stamp.mjs';

/** What all bundles have in common. Names stay as they are: they stand in the stack of a bug's report. */
export function bundling(version) {
  return {
    absWorkingDir: root,
    outdir: path.join(root, 'dist'),
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    platform: 'node',
    target: 'node20.19',
    legalComments: 'none',
    metafile: true,
    write: false,
    alias: {
      // In its CommonJS form, which Node takes, `import()` would give no named exports.
      yaml: path.join(root, 'node_modules/yaml/browser/index.js'),
      // Its bcrypt alone: the package's entry cannot be shaken and holds thirty more algorithms.
      'hash-wasm': path.join(root, 'node_modules/hash-wasm/dist/bcrypt.umd.min.js'),
    },
    plugins: [leaveOut(root)],
    define: { KAPADMIN_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  };
}
