import { escapeText } from '../../model/text.js';
import { renderJson } from '../json.js';

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

/** A name of the cluster among other text: its writing direction does not touch what stands beside it. */
export function htmlName(name: string): string {
  return `<bdi>${htmlText(name)}</bdi>`;
}

/** A value for a data block: no `<` can end it, and what does not show is escaped, as in all JSON. */
export function htmlJson(value: unknown): string {
  return renderJson(value, 0).replaceAll('<', '\\u003c');
}
