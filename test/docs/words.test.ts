import { describe, expect, it } from 'vitest';
import { docsPages, markdownPages, proseOf, type MarkdownPage } from './markdown.js';

const generated = ['docs/commands.md', 'docs/findings.md'];
const written = docsPages.filter(({ file }) => !generated.includes(file));
const readme = written.find(({ file }) => file === 'README.md');

/** What has a better word, and is never right here. */
const avoided = /\b(mend(s|ed)?|made[- ]up|wanted state|foreseen|foresees|ALARM|is not there|exists already)\b/gi;

function countWords({ text }: MarkdownPage): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

describe('the words of the documentation', () => {
  it('are few: 900 in the README, 14,000 in all pages that are written by hand', () => {
    expect(countWords(readme!)).toBeLessThanOrEqual(900);
    expect(written.reduce((sum, page) => sum + countWords(page), 0)).toBeLessThanOrEqual(14_000);
  });

  it.each(markdownPages.filter(({ file }) => !generated.includes(file)))('$file: are those of the field', (page) => {
    expect(
      proseOf(page)
        .replaceAll(/`[^`]*`/g, '')
        .match(avoided),
    ).toBeNull();
  });
});
