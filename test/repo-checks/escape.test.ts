import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** What prints, or writes a format: nothing else escapes, so that all that is printed is. */
const printers = [
  'src/commands/prompt-choices.ts',
  'src/completion/complete-command.ts',
  'src/desired-state/export.ts',
  'src/model/text.ts',
  'src/output/formats/junit.ts',
  'src/output/html/data.ts',
  'src/output/html/page.ts',
  'src/output/logger.ts',
  'src/output/progress.ts',
  'src/output/render.ts',
  'src/output/style.ts',
  'src/output/table.ts',
  'src/prompt/prompter.ts',
  'src/settings/request-as-curl.ts',
  'src/why-401/page.ts',
];

function filesWith(pattern: RegExp): readonly string[] {
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join('src', file));
  return files.filter((file) => pattern.test(readFileSync(path.join(root, file), 'utf8'))).toSorted();
}

it('attack H3: only what prints a text escapes it', () => {
  expect(filesWith(/\bescape(?:Text|Hidden|Name)\b/)).toEqual(printers);
});

it('attack H3: only tables mark a text as escaped', () => {
  expect(filesWith(/\bescapedText\b/)).toEqual(['src/output/style.ts', 'src/output/table.ts']);
});

it('attack H4: a command with a name in it is no template', () => {
  expect(filesWith(/[`'"]kapadmin [^`\n]*(?<!\\)\$\{/)).toEqual([]);
});

it('attack H4: a printed command stands without backquotes, which a shell would run', () => {
  expect(filesWith(/\\`\$\{(?:commandLine|exportLine|new ShellCommand)/)).toEqual(['src/output/formats/sarif.ts']);
});

it('attack H4: only the one function quotes for a shell', () => {
  expect(filesWith(/shellQuote|\bshellWord\b/)).toEqual([
    'src/completion/complete-command.ts',
    'src/model/shell-command.ts',
    'src/output/html/data.ts',
  ]);
});
