import { escapeText } from './escape.js';

/** At most `limit` characters of a text, with `…` where it was cut. */
export function excerpt(text: string, limit = 200): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

const longestLine = 2_000;

/**
 * A text that takes at most 2,000 characters when it is printed, with `…` where it was cut: names and paths may be of
 * any length.
 */
export function shortLine(text: string): string {
  let end = Math.min(text.length, longestLine);
  while (escapeText(text.slice(0, end)).length > longestLine) end = Math.floor(end / 2);
  return end < text.length ? `${text.slice(0, end)}…` : text;
}

export function hasControls(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f]/.test(text);
}
