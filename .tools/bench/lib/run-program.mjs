import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../fresh.mjs';

/** What a process writes when it ends: the most memory it had, in kB. */
const preload = `data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.PEAK_FILE,String(process.resourceUsage().maxRSS)))`;

/**
 * Runs the built program to its end.
 * @returns {Promise<{seconds: number, megabytes: number, stdout: string}>} its time, the most memory it had, its output
 */
export function runProgram(words, { env = {}, code = 0, script = path.join(root, 'bin/kapadmin.js') } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'kapadmin-bench-'));
  const peak = path.join(folder, 'peak');
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', preload, script, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder, PEAK_FILE: peak, ...env },
    });
    const chunks = [];
    let errors = '';
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (ended) => {
      const seconds = (performance.now() - begin) / 1000;
      if (ended !== code) reject(new Error(`${words.join(' ')} ended with ${ended}: ${errors}`));
      else {
        const megabytes = Number(readFileSync(peak, 'utf8')) / 1024;
        resolve({ seconds, megabytes, stdout: Buffer.concat(chunks).toString() });
      }
      rmSync(folder, { recursive: true, force: true });
    });
  });
}
