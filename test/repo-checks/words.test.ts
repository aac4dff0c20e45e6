import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Words that are never right here -> what to say. Words with honest uses (answer, right, standard) are not listed. */
const words: readonly (readonly [RegExp, string])[] = [
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bmade up\b/i, 'generated'],
  [/\bwanted state\b/i, 'desired state, state file'],
  [/\bas (?:it is )?wanted\b/i, 'matches the state files'],
  [/\bforeseen\b/i, 'predicted, simulated'],
  [/\bALARM\b/, 'warning'],
  [/\bis not there\b/i, 'not found'],
  [/\bexists already\b/i, 'already exists'],
  [/\bnobody is asked\b/i, 'no authentication'],
  [/[\u2018\u2019]/, "'"],
  [/[\u201c\u201d]/, '"'],
];

/** What is read. A directory or file is listed once it is clean, and stays. */
const places: readonly string[] = [
  'README.md',
  'docs/README.md',
  'docs/commands.md',
  'docs/connection.md',
  'docs/how-kapacitor-decides.md',
  'docs/matrix.md',
  'docs/scenarios.md',
  'docs/state-file.md',
  'src/access-matrix',
  'src/auth-engine',
  'src/auth-test',
  'src/cli',
  'src/commands',
  'src/completion',
  'src/desired-state',
  'src/diagnostics',
  'src/doctor',
  'src/files',
  'src/go-compat',
  'src/kapacitor-config',
  'src/library',
  'src/meta',
  'src/model',
  'src/mutations',
  'src/output',
  'src/prompt',
  'src/sandbox',
  'src/scenario',
  'src/settings',
];

function textFiles(place: string): readonly string[] {
  const full = path.join(root, place);
  if (statSync(full).isFile()) return [place];
  return readdirSync(full, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|js|css|md|mjs)$/.test(file))
    .map((file) => path.posix.join(place, file));
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
  it.each(places)('are not in %s', (place) => {
    expect(textFiles(place).flatMap((file) => faultsOf(file, readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
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
