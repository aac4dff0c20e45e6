import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { htmlJson, htmlName, htmlText, renderPage } from '../../../src/output/html/page.js';
import { matrixPage } from '../../../src/output/html/matrix.js';
import { evilNames } from '../../access-matrix/evil.js';
import { matrixOf } from '../../access-matrix/clusters.js';

const any = fc.string({ unit: 'binary', maxLength: 40 });
const evil = fc.oneof(any, fc.constantFrom(...evilNames));

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
}

function pageOf(names: readonly string[]): string {
  const users = names.map((name) => ({ name, hash: undefined, permissions: new Map([[name, ['WriteData', name]]]) }));
  return matrixPage(matrixOf({ users, roles: names.map((name) => ({ name, users: names, permissions: new Map() })) }));
}

describe('text in HTML', () => {
  it('is never markup', () => {
    fc.assert(
      fc.property(evil, (text) => {
        expect(htmlText(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)|[\u0000-\u001f\u202e]/);
        expect(htmlName(text)).toMatch(/^<bdi>[^<>]*<\/bdi>$/);
      }),
    );
  });

  it('in a data block does not end it, and is read as it was', () => {
    fc.assert(
      fc.property(evil, (text) => {
        expect(htmlJson({ text })).not.toContain('<');
        expect(JSON.parse(htmlJson({ text }))).toEqual({ text });
      }),
    );
  });
});

describe('a page', () => {
  const page = renderPage({ title: 'a <b>', style: 'p{}', body: '<p>x</p>', script: 'f();', data: { a: '</script>' } });

  it('lets the browser run its own script and style alone, by their hashes', () => {
    const policy = between(page, 'Content-Security-Policy" content="', '"');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hashOf('p{}')}`,
      `script-src ${hashOf('f();')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  it('has one script that runs, and its data as a block that does not', () => {
    expect(page.match(/<script[^>]*>/g)).toEqual([
      '<script type="application/json" id="data">',
      '<script type="module">',
    ]);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).toContain('<title>a &lt;b&gt;</title>');
  });
});

describe('the report', () => {
  it('has the same elements whatever the names are', () => {
    const tags = (page: string): readonly string[] => page.match(/<[a-z/][^>]*>/g) ?? [];
    const shape = (names: readonly string[]): readonly string[] =>
      tags(pageOf(names)).map((tag) => tag.replace(/^<meta http-equiv.*/, 'policy'));
    const plain = evilNames.map((_, i) => `name${i}`);
    expect(shape([...evilNames].sort())).toEqual(shape(plain));
  });

  it('counts one of a thing in the singular', () => {
    const roles = [{ name: 'ops', users: ['ann'], permissions: new Map([['', ['KapacitorAPI']]]) }];
    const page = matrixPage(matrixOf({ users: [{ name: 'ann', hash: undefined, permissions: new Map() }], roles }));
    for (const part of ['1 user,', '<b>1</b> <span>has access only through a role', '1 group of identical users']) {
      expect(page).toContain(part);
    }
    expect(page).toContain('<td class="number one">1</td>');
  });

  it('names no address to load anything from', () => {
    const page = pageOf(['ann']);
    expect(page).not.toMatch(/<(link|img|iframe|object|base|form)\b|\bsrc=|\bhref=|@import ["'u]|url\(/);
  });
});
