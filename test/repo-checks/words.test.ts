import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import { markdownPages } from '../docs/markdown.js';

/** Words that are never right here -> what to say. Words with honest uses (answer, right, standard) are not listed. */
const words: readonly (readonly [RegExp, string])[] = [
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bmade[- ]up\b/i, 'generated'],
  [/\bwanted state\b/i, 'desired state, state file'],
  [/\bas (?:it is )?wanted\b/i, 'matches the state files'],
  [/\bfore(?:seen|sees)\b/i, 'predicted, simulated'],
  [/\bALARM\b/, 'warning'],
  [/\bis not there\b/i, 'not found'],
  [/\bexists already\b/i, 'already exists'],
  [/\bnobody is asked\b/i, 'no authentication'],
  [/\bpatience\b/i, 'timeout'],
  [/\bspoil(?:s|ed|t)?\b/i, 'inject a fault'],
  [
    /\b(?:Verb(?:Module|Entry)|askForMissing|carr(?:yOut|iedOut)|makeDeps)\b/,
    'CommandModule, CommandEntry, promptForMissing, execute, createFactory',
  ],
  [/[\u2018\u2019]/, "'"],
  [/[\u201c\u201d]/, '"'],
];

function textFiles(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|js|css|mjs)$/.test(file))
    .map((file) => path.posix.join(folder, file));
}

/** `file:line: word: what to say` for each line with such a word. */
function faultsOf(file: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line, i) =>
    words.flatMap(([word, better]) => {
      const [found] = word.exec(line) ?? [];
      return found === undefined ? [] : [`${file}:${i + 1}: "${found}": say ${better}`];
    }),
  );
}

const title = /^\s*(?:it|describe)\b(?:\.each\b.*?\))?\(\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`)/gm;

describe('words that may not return', () => {
  it.each(readdirSync(path.join(root, 'src')))('are not in src/%s', (name) => {
    const files = textFiles('src').filter((file) => file.split('/')[1] === name);
    expect(files.flatMap((file) => faultsOf(file, readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
  });

  it.each(markdownPages)('are not in $file', ({ file, text }) => {
    // The changelog names keys that were renamed.
    expect(faultsOf(file, file === 'CHANGELOG.md' ? text.replaceAll(/`[^`]*`/g, '') : text)).toEqual([]);
  });

  it('are not in the titles of tests', () => {
    const files = textFiles('test').filter((file) => file.endsWith('.test.ts'));
    const faults = files.flatMap((file) => {
      const titles = readFileSync(path.join(root, file), 'utf8').match(title) ?? [];
      return titles.flatMap((one) => faultsOf(file, one));
    });
    expect(faults).toEqual([]);
  });

  it('are found where they stand', () => {
    expect(faultsOf('a', 'It mends it.\nx')).toEqual(['a:1: "mends": say fix']);
    expect(faultsOf('a', 'recommend, amendment, made upon')).toEqual([]);
  });
});
