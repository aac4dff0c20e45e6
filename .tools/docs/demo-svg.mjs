// The demo as a picture: docs/demo.svg.
import path from 'node:path';
import { spawn } from '@lydell/node-pty';
import { root } from '../fresh.mjs';
import { maskSandbox } from './start-sandbox.mjs';
import { terminalSvg } from './svg.mjs';

/** What the longest line of the demo takes. */
const columns = 118;

/** Runs the demo in a terminal; resolves with the picture. */
export async function recordDemo() {
  const { PATH } = process.env;
  const env = { PATH, TERM: 'dumb', FORCE_COLOR: '1', LANG: 'C.UTF-8' };
  const pty = spawn(process.execPath, [path.join(root, '.tools/demo.mjs')], { cols: columns, rows: 60, env });
  let output = '';
  pty.onData((text) => (output += text));
  const code = await new Promise((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  if (code !== 0) throw new Error(`the demo ended with ${code}:\n${output}`);
  const title = 'kapadmin: why a login gets 403, and the command that allows it';
  return terminalSvg(maskSandbox(output.replaceAll('\r', '')), { title, columns });
}
