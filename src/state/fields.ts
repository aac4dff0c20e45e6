import { nearest } from '../model/nearest.js';
import { excerpt } from '../model/text.js';
import { below, type Report, type Spot } from './problem.js';

export type Fields = Readonly<Record<string, unknown>>;

function kind(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

/** The fields of an object; nothing stands for none. */
export function fieldsOf(value: unknown, what: string, spot: Spot, report: Report): Fields {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  report.error('wrong-shape', `${what}: expected an object, found ${kind(value)}`, spot);
  return {};
}

/** Reports the keys that are not known, each with the one that was probably meant. */
export function checkKeys(fields: Fields, known: readonly string[], what: string, spot: Spot, report: Report): void {
  for (const key of Object.keys(fields)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near === undefined ? `known: ${known.join(', ')}` : `did you mean "${near}"?`;
    report.error('unknown-key', `${what}: unknown key "${excerpt(key, 60)}"`, below(spot, key), hint);
  }
}

const none: readonly string[] = [];

/** A list of texts, `[]` for nothing; what is no text is reported and left out. */
export function textsOf(value: unknown, what: string, spot: Spot, report: Report): readonly string[] {
  if (value === null || value === undefined) return none;
  if (!Array.isArray(value)) {
    report.error('wrong-shape', `${what}: expected a list, found ${kind(value)}`, spot);
    return none;
  }
  if (value.every((item) => typeof item === 'string')) return value;
  return value.filter((item, i): item is string => {
    if (typeof item === 'string') return true;
    report.error('wrong-shape', `${what}: expected a text, found ${kind(item)}; quote it`, below(spot, i));
    return false;
  });
}

/** A switch: a boolean, or in YAML the bare words. */
export function switchOf(value: unknown, what: string, spot: Spot, report: Report): boolean {
  if (value === true || value === 'true') return true;
  if (value !== false && value !== 'false') {
    report.error('wrong-value', `${what}: expected true or false`, { ...spot, value: true });
  }
  return false;
}
