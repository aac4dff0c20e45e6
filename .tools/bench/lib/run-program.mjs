import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../fresh.mjs';
import { leavePeak, readPeak } from './peak.mjs';

/**
 * Runs the built program, or a script, to its end.
 * @returns {Promise<{seconds: number, megabytes: number, stdout: string, stderr: string}>} its time, the most memory
 * that it had, its output
 */
export function runProgram(words, { env = {}, code = 0, script = path.join(root, 'bin/kapadmin.js') } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'kapadmin-bench-'));
  const peak = path.join(folder, 'peak');
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder, ...leavePeak(peak), ...env },
    });
    const chunks = [];
    let stderr = '';
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (ended) => {
      const seconds = (performance.now() - begin) / 1000;
      if (ended !== code) reject(new Error(`${words.join(' ')} ended with ${ended}: ${stderr}`));
      else {
        const megabytes = readPeak(peak);
        resolve({ seconds, megabytes, stdout: Buffer.concat(chunks).toString(), stderr });
      }
      rmSync(folder, { recursive: true, force: true });
    });
  });
}
