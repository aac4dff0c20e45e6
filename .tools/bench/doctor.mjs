import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { root } from '../fresh.mjs';
import { lifetimes } from './lib/processes.mjs';

export const name = '`doctor` on a healthy cluster of three nodes';
export const limit = 1;

const program = path.join(root, 'bin/kapadmin.js');
const rounds = 11;

/** Seconds of the whole command, the start of the program included, against a sandbox in a process of its own. */
export async function run() {
  const words = ['sandbox', '--nodes', '3', '--port', '0', '--no-kapacitor', '-o', 'json'];
  const sandbox = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const [line] = await once(sandbox.stdout, 'data');
    const { meta } = JSON.parse(line);
    const env = {
      HOME: '/nonexistent',
      KAPADMIN_META_URL: meta.join(','),
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: 'changeit',
    };
    const [ours] = await lifetimes([{ args: [program, 'doctor', '--no-env'], env }], rounds);
    return { ours: ours / 1000, base: 1, unit: 's', against: 'a second' };
  } finally {
    sandbox.kill();
  }
}
