// `npm run build:standalone`: the program as one executable that needs no Node, in standalone/. It is built for the
// system and by the Node that run this (single-executable applications: Node 20 and later).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { inject } from 'postject';
import { bundleOptions, root } from './build.mjs';
import { listPackages } from './third-party.mjs';

const target = path.resolve(process.argv[2] ?? path.join(root, 'standalone'));
const executable = path.join(target, process.platform === 'win32' ? 'kapadmin.exe' : 'kapadmin');
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const work = mkdtempSync(path.join(tmpdir(), 'kapadmin-standalone-'));

/** One file: an executable holds no others that `import()` could load. */
async function bundle(file) {
  const contents = `import { main } from './src/cli/main.ts'; void main();`;
  const stdin = { contents, resolveDir: root };
  const { metafile } = await build({ ...bundleOptions, stdin, outfile: file, format: 'cjs' });
  return metafile;
}

function run(command, ...args) {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

try {
  const main = path.join(work, 'kapadmin.cjs');
  const output = path.join(work, 'kapadmin.blob');
  const config = path.join(work, 'sea.json');
  mkdirSync(target, { recursive: true });
  const { licences, sbom } = listPackages(await bundle(main), root);
  writeFileSync(path.join(target, 'THIRD-PARTY-LICENSES.txt'), licences);
  writeFileSync(path.join(target, 'sbom.cdx.json'), sbom);
  writeFileSync(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true, useCodeCache: true }));
  run(process.execPath, '--experimental-sea-config', config);
  rmSync(executable, { force: true });
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  if (process.platform === 'darwin') run('codesign', '--remove-signature', executable);
  await inject(executable, 'NODE_SEA_BLOB', readFileSync(output), { sentinelFuse: fuse, machoSegmentName: 'NODE_SEA' });
  if (process.platform === 'darwin') run('codesign', '--sign', '-', executable);
  const sum = createHash('sha256').update(readFileSync(executable)).digest('hex');
  writeFileSync(path.join(target, 'kapadmin.sha256'), `${sum}  ${path.basename(executable)}\n`);
  console.log(executable);
} finally {
  rmSync(work, { recursive: true, force: true });
}
