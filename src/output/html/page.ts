import { escapeText } from '../../model/text.js';
import { renderJson } from '../render.js';
import { createHash } from 'node:crypto';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, also within quoted attributes; control and direction characters are made visible. */
export function htmlText(text: string): string {
  return escapeText(text).replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

/** A cluster name in other text: its writing direction does not affect its surroundings. */
export function htmlName(name: string): string {
  return `<bdi>${htmlText(name)}</bdi>`;
}

/** A value for a data block: no `<` can end it, and what does not show is escaped, as in all JSON. */
export function htmlJson(value: unknown): string {
  return renderJson(value, 0).replaceAll('<', '\\u003c');
}

/** What a page is made of; `style` and `script` (a module) are its own, `body` is HTML. */
export interface HtmlPage {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  readonly script: string;
  /** What the script reads, as JSON in the element `data`. */
  readonly data: unknown;
}

function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

/** The browser runs the page's own script and style, by their hashes, and loads nothing. */
function policyOf({ style, script }: HtmlPage): string {
  return [
    "default-src 'none'",
    `style-src ${hashSource(style)}`,
    `script-src ${hashSource(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** A complete, self-contained HTML file. */
export function renderPage(page: HtmlPage): string {
  const { title, style, body, script, data } = page;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${htmlText(policyOf(page)).replaceAll('&#39;', "'")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${htmlText(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${htmlJson(data)}</script>
<script type="module">${script}</script>
</body>
</html>
`;
}
