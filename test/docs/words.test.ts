import { describe, expect, it } from 'vitest';
import { docsPages, type MarkdownPage } from './markdown.js';

const generated = ['commands', 'evidence', 'findings', 'open-questions'].map((name) => `docs/${name}.md`);
const written = docsPages.filter(({ file }) => !generated.includes(file));
const readme = written.find(({ file }) => file === 'README.md');

function countWords({ text }: MarkdownPage): number {
  const byHand = text.replaceAll(/<!-- (rules|evidence)\b[^]*?<!-- \/\1 -->/g, '');
  return byHand.split(/\s+/).filter((word) => word !== '').length;
}

describe('the words of the documentation', () => {
  it('are few: 900 in the README, 14,000 in all pages that are written by hand', () => {
    expect(countWords(readme!)).toBeLessThanOrEqual(900);
    expect(written.reduce((sum, page) => sum + countWords(page), 0)).toBeLessThanOrEqual(14_000);
  });
});
