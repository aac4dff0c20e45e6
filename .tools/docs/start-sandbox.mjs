import { spawn } from 'node:child_process';
import path from 'node:path';

const program = path.join(import.meta.dirname, '../../bin/kapadmin.js');

/** Starts a sandbox on free ports; resolves with its process and the URL of its meta node. */
export function startSandbox(env) {
  const sandbox = spawn(process.execPath, [program, 'sandbox', '--port', '0', '-o', 'json'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Promise((resolve, reject) => {
    let text = '';
    sandbox.on('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
    sandbox.stdout.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve({ sandbox, url: JSON.parse(text.slice(0, end)).meta[0] });
    });
  });
}

/** What a program prints of a sandbox, without ports and times, which differ from run to run. */
export function maskSandbox(output) {
  return output.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8091').replaceAll(/ in \d+ ms/g, ' in 4 ms');
}
