import { outline, type WrittenKey } from '../../../kapacitor/configuration/index.js';
import { looksSwapped } from './account.js';
import { applyEdits, type Edit } from './edit.js';
import { readLeniently } from './lenient.js';
import { meantField } from './meant.js';

const secretName = /pass(?:word|wd|phrase)?$|pwd$|secret|token|api-?key/i;

function isSecret({ key, field, knownSection }: WrittenKey): boolean {
  if (field !== undefined) return field.isSecret === true;
  return secretName.test(key) || (knownSection !== undefined && meantField(knownSection, key)?.isSecret === true);
}

/** What stands behind a name of a secret on a line that the parser did not reach, in a comment or below a deeper table. */
const secretLine =
  /^([ \t]*[#; \t]*"?[\w.-]{0,80}(?:pass|password|passwd|passphrase|pwd|secret|token|api-?key)[\w-]{0,40}"?[ \t]*[=:]?[ \t]*)("(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*'|[^\s#"'][^#\n]*?)(?=[ \t]*(?:#[^\n]*)?\r?$)/gim;

const userinfo = /(\/\/[^/\s:@"']{0,200}:)[^/\s@"']{1,200}@/g;

const shortest = 8;

/** The text of a string, roughly: enough to find it elsewhere. */
function content(raw: string): string {
  return raw.replace(/^["'\s]+|["'\s]+$/g, '');
}

function swappedName(text: string): readonly WrittenKey[] {
  const { file, configuration } = readLeniently(text, new Map());
  if (configuration === undefined || !looksSwapped(configuration)) return [];
  return file.keys.filter(({ field }) => field?.key === 'meta-username');
}

/**
 * A kapacitor.conf with `***` for each secret, fit to be shown: the values of keys that hold secrets or are named as
 * such, misspelt and commented ones too, and what is equal to them. Lines stay lines.
 */
export function maskConfig(text: string): string {
  const { keys } = outline(text);
  const hidden = [...keys.filter(isSecret), ...swappedName(text)].filter(({ value }) => content(value.raw) !== '');
  const edits = [...new Set(hidden)].map(({ value: { start, end, raw } }): Edit => {
    const lines = raw.replace(/[^\n]/g, '');
    return { start, end, text: `${/^["']/.test(raw) ? '"***"' : '***'}${lines}` };
  });
  const known = [...new Set(hidden.map(({ value }) => content(value.raw)))].filter(({ length }) => length >= shortest);
  const masked = applyEdits(text, edits)
    .replace(secretLine, (line: string, lead: string, value: string) => {
      return content(value) === '' ? line : `${lead}${/^["']/.test(value) ? '"***"' : '***'}`;
    })
    .replace(userinfo, '$1***@');
  return known.reduce((done, secret) => done.replaceAll(secret, '***'), masked);
}
