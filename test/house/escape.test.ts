import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const src = path.resolve(import.meta.dirname, '../../src');

/** What prints, or writes a format: nothing else escapes, so that all that is printed is. */
const printers = [
  'model/escape.ts',
  'commands/prompt-choices.ts',
  'completion/complete-command.ts',
  'model/shell-command.ts',
  'output/csv.ts',
  'output/deliver.ts',
  'output/html/data.ts',
  'output/html/escape.ts',
  'output/json.ts',
  'output/junit.ts',
  'output/markdown.ts',
  'output/short-line.ts',
  'output/spinner.ts',
  'output/styled.ts',
  'output/table.ts',
  'output/width.ts',
  'output/yaml.ts',
  'settings/curl.ts',
  'prompt/inquirer-prompt.ts',
  'prompt/terminal-prompter.ts',
  'state/write.ts',
];

function filesWith(pattern: RegExp): readonly string[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.filter((file) => pattern.test(readFileSync(path.join(src, file), 'utf8'))).toSorted();
}

it('attack H3: only what prints a text escapes it', () => {
  expect(
    filesWith(/\bescape(?:Text|Hidden|Name)\b/).filter(
      (file) => !printers.includes(file) && !file.startsWith('output/html/'),
    ),
  ).toEqual([]);
});

it('attack H3: only tables mark a text as escaped', () => {
  expect(filesWith(/\bescapedText\b/)).toEqual(['output/styled.ts', 'output/table.ts']);
});

it('attack H4: a command with a name in it is no template', () => {
  expect(filesWith(/[`'"]kapadmin [^`\n]*(?<!\\)\$\{/)).toEqual([]);
});

it('attack H4: a printed command stands without backquotes, which a shell would run', () => {
  expect(filesWith(/\\`\$\{(?:commandLine|exportLine|new ShellCommand)/)).toEqual(['output/sarif.ts']);
});

it('attack H4: only the one function quotes for a shell', () => {
  expect(filesWith(/shellQuote|\bshellWord\b/)).toEqual([
    'completion/complete-command.ts',
    'model/shell-command.ts',
    'output/html/data.ts',
  ]);
});
