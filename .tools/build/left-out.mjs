import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The versions that this file was written for; a test holds the installed ones to them. */
export const writtenFor = {
  chalk: '5.6.2',
  commander: '14.0.3',
  cosmiconfig: '9.0.2',
  '@inquirer/editor': '5.3.6',
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

/** What string-width makes at its start, and only texts beyond ASCII need: it takes a third of a short command's time. */
const costly = /^const (\w+) = (new Intl\.Segmenter\(\)|\/.*\/v);$/gm;
const costlyNames = ['segmenter', 'visibleCharacterRegex', 'spacingMarkRegex', 'rgiEmojiRegex'];

/** The text of string-width with these values made where they are first used. */
export function lateWidths(text) {
  const found = [...text.matchAll(costly)].map(([, name]) => name);
  if (found.join() !== costlyNames.join()) throw new Error(`string-width makes ${found.join(', ')} at its start`);
  const late = text.replaceAll(costly, 'let late_$1; const $1 = () => (late_$1 ??= $2);');
  return found.reduce((made, name) => made.replaceAll(new RegExp(`\\b${name}\\b(?! =)`, 'g'), `${name}()`), late);
}

/** The esbuild plugin that leaves these modules out. */
export function leaveOut(root) {
  return {
    name: 'left-out',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'slim' }));
      onLoad({ filter: /.*/, namespace: 'slim' }, () => ({ contents: undici, resolveDir: root }));
      onLoad({ filter: /\/string-width\/index\.js$/ }, ({ path: file }) => ({
        contents: lateWidths(readFileSync(file, 'utf8')),
      }));
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
