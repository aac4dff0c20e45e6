import { usageError } from '../errors.js';
import { commonFormats } from '../model/formats.js';
import { excerpt } from '../model/text.js';
import type { Style } from './style.js';
import type { ExtraFormat, Result, View } from './view.js';

function hasFormat(format: string, view: View<unknown>): format is ExtraFormat {
  return view.extra !== undefined && Object.hasOwn(view.extra, format);
}

/** Throws a usage error unless the format is one that every command has or one of `extra`. */
export function checkFormat(format: string, extra: readonly string[]): void {
  const known = [...commonFormats, ...extra];
  if (known.includes(format)) return;
  throw usageError('unknown-output', `this command has no output "${excerpt(format, 40)}"; it has ${known.join(', ')}`);
}

/** The text of a result in the format that was asked for, ending in a line end unless empty. */
export async function render(result: Result<unknown>, format: string, style: Style): Promise<string> {
  const { data, view } = result;
  if (format === 'table') return view.text(data, style);
  if (format === 'json') return `${JSON.stringify(view.json(data), null, view.oneLine === true ? 0 : 2)}\n`;
  if (format === 'yaml') return (await import('yaml')).stringify(view.json(data), { lineWidth: 0 });
  if (!hasFormat(format, view)) throw new Error(`the view lacks the format ${format} that its command declares`);
  return view.extra?.[format]?.(data) ?? '';
}
