// Other versions of Node, from npm, kept in the cache below node_modules.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../build.mjs';

/** One of each line beside that of the developers, Node 20. */
export const otherNodes = ['22.23.5', '24.22.3', '26.12.1'];

const cache = path.join(root, 'node_modules/.cache/kapadmin');
const longest = 120_000;

/**
 * The binary of a version of Node.
 * @returns {Promise<{ binary: string } | { missing: string }>} `missing` says in a word why there is none
 */
export async function installNode(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = path.join(cache, `node-${version}`);
  const binary = path.join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(binary)) return { binary };
  const making = `${folder}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  const words = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', making, `${name}@${version}`];
  try {
    await promisify(execFile)('npm', words, { cwd: making, timeout: longest });
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { missing: /code (E\w+)/.exec(said)?.[1] ?? said.split('\n', 1)[0] };
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return existsSync(binary) ? { binary } : { missing: `${name}@${version} holds no Node` };
}
