import { escapeText } from '../model/text.js';

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
