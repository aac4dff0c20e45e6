import path from 'node:path';
import { adapted, adaptedText } from './adapted.mjs';

/** The versions that this file and adapted.mjs were written for; a test holds the installed ones to them. */
export const writtenFor = {
  chalk: '5.6.2',
  commander: '14.0.3',
  cosmiconfig: '9.0.2',
  '@inquirer/editor': '5.3.6',
  'hash-wasm': '4.13.0',
  'string-width': '8.3.0',
  undici: '7.30.2',
};

/** As node:assert, which makes a stream of standard error when it is loaded; undici calls nothing else of it. */
const bareAssert = `module.exports = (fits, message = 'an assertion failed') => {
  if (!fits) throw message instanceof Error ? message : new Error(message);
};`;

/**
 * Modules that packages load for what kapadmin never asks of them. Each stands for `text`; one without it throws where
 * it is used.
 */
const leftOut = [
  // chalk detects the colours of a terminal, where we set its level.
  { of: 'chalk', module: /^#supports-color$/, text: 'export default { stdout: false, stderr: false };' },
  // commander starts programs for subcommands, where ours are functions.
  { of: 'commander', module: /^node:child_process$/, text: 'module.exports = {};' },
  // cosmiconfig has loaders of its own, where we give it ours; no file is run.
  { of: 'cosmiconfig', module: /^(import-fresh|js-yaml|parse-json|typescript)$/ },
  // inquirer opens editors, and detects the encoding of what they wrote.
  { of: '@inquirer/editor', module: /^@inquirer\/external-editor$/, text: 'export const editAsync = undefined;' },
  // undici: HTTP/2, SOCKS, bodies that are no text, and Node's own HTTP, of which it reads a limit that we set.
  { of: 'undici', module: /\/client-h2\.js$/ },
  { of: 'undici', module: /\/socks5-proxy-agent$/ },
  { of: 'undici', module: /\/web\/fetch\/body\.js$/ },
  { of: 'undici', module: /^node:assert$/, text: bareAssert },
  {
    of: 'undici',
    module: /^node:http$/,
    text: 'module.exports = { maxHeaderSize: 16384, IncomingMessage: class {} };',
  },
];

const throwing = "module.exports = function () { throw new Error('left out of this build'); };";

/** Of undici only what these are made of: its index loads fetch, caches, WebSocket and more. */
const undici = `
  export { default as Agent } from 'undici/lib/dispatcher/agent.js';
  export { default as Pool } from 'undici/lib/dispatcher/pool.js';
  export { default as ProxyAgent } from 'undici/lib/dispatcher/proxy-agent.js';
`;

/** The esbuild plugin that leaves these modules out, and adapts others. */
export function leaveOut(root) {
  return {
    name: 'left-out',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'slim' }));
      onLoad({ filter: /.*/, namespace: 'slim' }, () => ({ contents: undici, resolveDir: root }));
      for (const each of adapted) {
        onLoad({ filter: each.file }, ({ path: file }) => ({ contents: adaptedText(each, file) }));
      }
      for (const { of, module, text = throwing } of leftOut) {
        onResolve({ filter: module }, ({ path: name, importer }) =>
          importer.includes(path.join('/node_modules', of, '/'))
            ? { path: `${of} ${name}`, namespace: 'left-out', pluginData: text }
            : undefined,
        );
      }
      onLoad({ filter: /.*/, namespace: 'left-out' }, ({ pluginData }) => ({ contents: pluginData }));
    },
  };
}
