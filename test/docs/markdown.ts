import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../.tools/fresh.mjs';

/** A Markdown file of the repository. */
export interface MarkdownPage {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

export interface CodeBlock {
  readonly file: string;
  /** The line of its first fence. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

function markdownFiles(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', '.git'].includes(entry.name) ? [] : markdownFiles(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}

/** Every Markdown file of the repository. */
export const markdownPages: readonly MarkdownPage[] = markdownFiles('.').map((file) => ({
  file,
  text: readFileSync(path.join(root, file), 'utf8'),
}));

/** The README and all below docs/. */
export const docsPages = markdownPages.filter(({ file }) => file === 'README.md' || file.startsWith('docs/'));

/** The fenced blocks of these pages, in order. */
export function codeBlocks(pages: readonly MarkdownPage[]): readonly CodeBlock[] {
  return pages.flatMap(({ file, text }) =>
    [...text.matchAll(/^```(\w*)[^\n]*\n([^]*?)^```$/gm)].map(({ index, 1: language = '', 2: code = '' }) => ({
      file,
      line: text.slice(0, index).split('\n').length,
      language,
      text: code,
    })),
  );
}

/** The text of a page without its fenced blocks. */
export function proseOf({ text }: MarkdownPage): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '');
}
