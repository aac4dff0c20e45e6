import { escapeHidden, jsonForm } from '../../model/text.js';

/** A value as JSON; what does not show is `\uNNNN` in it, which changes no value. */
export function renderJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(/[^\n]+/g, (line) => escapeHidden(line, jsonForm));
}
