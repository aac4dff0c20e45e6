import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';

const temporary = realpathSync(tmpdir()).replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const masks: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g, '<time>'],
  [/\b\d+(?:\.\d+)? ?ms\b/g, '<n> ms'],
  [/\b(127\.0\.0\.1|localhost|\[::1\]):\d{2,5}\b/g, '$1:<port>'],
  [new RegExp(`${temporary}/kapadmin-[\\w.-]+`, 'g'), '<folder>'],
];

/** What differs from run to run, made the same: ids, times, durations, ports, temporary folders. */
export function mask(text: string): string {
  return masks.reduce((masked, [pattern, by]) => masked.replaceAll(pattern, by), text);
}
