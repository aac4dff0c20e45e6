// Files of packages whose text the build changes, where it costs short commands a good part of their time.
import { readFileSync } from 'node:fs';

/** Replaces one place of a text; throws where there is not exactly one. */
function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`not exactly one place says: ${from}`);
  return text.replace(from, () => to);
}

/** What string-width makes at its start, and only texts beyond ASCII need. */
const costly = /^const (\w+) = (new Intl\.Segmenter\(\)|\/.*\/v);$/gm;
const costlyNames = ['segmenter', 'visibleCharacterRegex', 'spacingMarkRegex', 'rgiEmojiRegex'];

/** string-width with these values made where they are first used. */
function lateWidths(text) {
  const found = [...text.matchAll(costly)].map(([, name]) => name);
  if (found.join() !== costlyNames.join()) throw new Error(`string-width makes ${found.join(', ')} at its start`);
  const late = text.replaceAll(costly, 'let late_$1; const $1 = () => (late_$1 ??= $2);');
  return found.reduce((made, name) => made.replaceAll(new RegExp(`\\b${name}\\b(?! =)`, 'g'), `${name}()`), late);
}

/**
 * Makes a module of WebAssembly whose functions V8 optimizes later than it does: it takes 60 ms of a processor for
 * undici's parser, begins with the first answer, and a process ends only when that has ended. What V8 otherwise waits
 * for is known for each line of Node, and set again at once; for others nothing is changed.
 */
const patiently = `function patiently(bytes) {
  const usual = { 11.3: 1800000, 12.4: 13000000, 13.6: 13000000 }[process.versions.v8.split('.', 2).join('.')];
  if (usual === undefined) return new WebAssembly.Module(bytes);
  const { setFlagsFromString } = require('node:v8');
  setFlagsFromString('--wasm-tiering-budget=200000000');
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString('--wasm-tiering-budget=' + usual);
  }
}
`;

/** File -> its text as it is built. */
export const adapted = [
  { file: /\/string-width\/index\.js$/, adapt: lateWidths },
  {
    file: /\/undici\/lib\/dispatcher\/client-h1\.js$/,
    adapt: (text) =>
      patiently +
      replaceOnce(
        text,
        "new WebAssembly.Module(require('../llhttp/llhttp_simd-wasm.js'))",
        "patiently(require('../llhttp/llhttp_simd-wasm.js'))",
      ),
  },
  {
    file: /\/hash-wasm\/dist\/bcrypt\.umd\.min\.js$/,
    adapt: (text) =>
      patiently + replaceOnce(text, 'WebAssembly.compile(B.buffer)', 'Promise.resolve(patiently(B.buffer))'),
  },
];

export function adaptedText({ adapt }, file) {
  return adapt(readFileSync(file, 'utf8'));
}
