import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../.tools/fresh.mjs';
import { docsPages, markdownPages, proseOf, type MarkdownPage } from './markdown.js';

/** The anchors that GitHub makes of the headings of a page. */
function anchorsOf(page: MarkdownPage): readonly string[] {
  const seen = new Map<string, number>();
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** The relative links of a page, images included. */
function linksOf(page: MarkdownPage): readonly string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What is wrong with a link; undefined where it resolves. */
function faultOf({ file }: MarkdownPage, link: string): string | undefined {
  const [name = '', anchor] = link.split('#');
  const target = name === '' ? file : path.posix.join(path.posix.dirname(file), name);
  if (!existsSync(path.join(root, target))) return `${link}: no such file`;
  if (anchor === undefined) return undefined;
  const page = markdownPages.find((each) => each.file === target);
  return page !== undefined && anchorsOf(page).includes(anchor) ? undefined : `${link}: no such heading`;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
    path.posix.join(folder, file),
  );
}

describe('the Markdown files', () => {
  it.each(markdownPages)('$file: every relative link and anchor resolves', (page) => {
    expect(linksOf(page).flatMap((link) => faultOf(page, link) ?? [])).toEqual([]);
  });

  it('the index links to every page of docs/', () => {
    const index = docsPages.find(({ file }) => file === 'docs/README.md');
    const linked = linksOf(index ?? { file: '', text: '' }).map((link) => path.posix.join('docs', link));
    const pages = docsPages.map(({ file }) => file).filter((file) => !file.endsWith('README.md'));
    expect(pages.filter((file) => !linked.includes(file))).toEqual([]);
  });

  it('the issue forms, workflows and templates name only files that exist', () => {
    const forms = filesBelow('.github').filter((file) => /\.(yml|yaml|md)$/.test(file));
    const named = forms.flatMap((form) =>
      [...readFileSync(path.join(root, form), 'utf8').matchAll(/(?<![\w/.-])[\w./-]+\.md\b/g)].map(([file]) => file),
    );
    const places = (file: string): readonly string[] => [file, path.posix.join('.github', file)];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((file) => !places(file).some((place) => existsSync(path.join(root, place))))).toEqual([]);
  });
});
