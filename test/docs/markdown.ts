import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../.tools/fresh.mjs';

/** A Markdown file of the repository. */
export interface MarkdownPage {
  /** From the root of the repository. */
  readonly file: string;
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

/** The text of a page without its fenced blocks. */
export function proseOf({ text }: MarkdownPage): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '');
}
