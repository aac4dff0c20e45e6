import type { EnvironmentForm } from '../../../kapacitor-config/environment-formats.js';
import { knownField } from '../../../kapacitor-config/fields.js';
import { outline, type WrittenKey } from '../../../kapacitor-config/outline.js';
import { looksSwapped } from './account.js';
import { applyEdits, type Edit } from './edit.js';
import { readLeniently } from './lenient.js';
import { meantField } from './meant.js';

const secretName = /pass(?:word|wd|phrase)?$|pwd$|secret|token|api-?key/i;

/** Whether a key of this name holds a secret, misspelt ones included. */
export function isSecretName(name: string): boolean {
  if (secretName.test(name)) return true;
  return (['http', 'auth'] as const).some((section) => {
    return knownField(section, name) === undefined && meantField(section, name)?.isSecret === true;
  });
}

function isSecret({ key, field, text }: WrittenKey): boolean {
  return field === undefined ? isSecretName(key) || isSecretName(text.spelt) : field.isSecret === true;
}

/** A string of several lines, up to its end or that of the file. */
const several =
  /^([#; \t]{0,80}["']?([^\s=:"'#;]{1,100})["']?[ \t]{0,20}[=:]?[ \t]{0,20})("""[^]*?(?:"""|$(?![^]))|'''[^]*?(?:'''|$(?![^])))/gm;
const leading = /^[#; \t]*/;
const named = /^([^=:#]{1,200}?)[ \t]*[=:][ \t]*/;
const unjoined = /^"?([\w.-]{1,100})"?[ \t]+/;
const string = /^(?:"(?:[^"\\]|\\.)*"|'[^']*')(?=\s*(?:#.*)?$)/;

interface Line {
  readonly lead: string;
  readonly name: string;
  readonly value: string;
}

/** A name and what follows it; in a comment a single word such as `password` is prose unless a quote follows. */
function readLine(line: string): Line | undefined {
  const before = leading.exec(line)?.[0] ?? '';
  const rest = line.slice(before.length);
  const found = named.exec(rest) ?? unjoined.exec(rest);
  if (found === null) return undefined;
  const [lead, name = ''] = found;
  const value = rest.slice(lead.length);
  const isProse = /[#;]/.test(before) && !/[=:]/.test(lead) && !/^["']/.test(value) && !/[-_]/.test(name);
  const last = name.replaceAll(/["']/g, '').split('.').at(-1)?.trim() ?? '';
  return isProse ? undefined : { lead: before + lead, name: last, value };
}

/** A line that the parser did not reach, a comment, or one of a deeper table, without the secret in it. */
function maskLine(line: string): string {
  const read = readLine(line);
  if (read === undefined || !isSecretName(read.name) || content(read.value) === '') return line;
  const { lead, value } = read;
  const quoted = string.exec(value)?.[0];
  if (quoted !== undefined) return content(quoted) === '' ? line : `${lead}"***"${value.slice(quoted.length)}`;
  return `${lead}***${line.endsWith('\r') ? '\r' : ''}`;
}

/** Within a line, such as in an inline table. */
const within =
  /([\w.-]{0,80}(?:password|passwd|secret|token)[\w-]{0,40}["']?[ \t]{0,20}[=:][ \t]{0,20})(?:"(?:[^"\\\n]|\\.)+"|'[^'\n]+')/gi;

function masked(raw: string): string {
  return `${/^["']/.test(raw) ? '"***"' : '***'}${raw.replace(/[^\n]/g, '')}`;
}

/** A file that is not TOML and has no table is no kapacitor.conf: all of it may be secret. */
const header = /^[ \t]*\[/m;

/** A name and a password before a host. */
const userinfo = /:[^\s"']{1,200}@/g;

const shortest = 8;

/** The text of a string, roughly: enough to find it elsewhere. */
function content(raw: string): string {
  return raw
    .trim()
    .replace(/^["']{1,3}/, '')
    .replace(/["']{1,3}$/, '')
    .trim();
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
  const { keys, fault } = outline(text);
  if (fault !== undefined && !header.test(text)) return text.replaceAll(/[^\s][^\n]*/g, '***');
  const hidden = [...keys.filter(isSecret), ...swappedName(text)].filter(({ value }) => content(value.raw) !== '');
  const edits = [...new Set(hidden)].map(({ value: { start, end, raw } }): Edit => {
    return { start, end, text: masked(raw) };
  });
  const known = [...new Set(hidden.map(({ value }) => content(value.raw)))].filter(({ length }) => length >= shortest);
  const shown = applyEdits(text, edits)
    .replace(several, (whole: string, lead: string, name: string, raw: string) => {
      return isSecretName(name) ? `${lead}${masked(raw)}` : whole;
    })
    .split('\n')
    .map(maskLine)
    .join('\n')
    .replace(within, '$1"***"')
    .replace(userinfo, ':***@');
  return known.reduce((done, secret) => done.replaceAll(secret, '***'), shown);
}

/** A line of a compose file or a unit: what opens a block stays, of all else the names of Kapacitor's variables. */
function maskNested(line: string): string {
  if (/^\s*(?:-\s+)?(?:[\w.-]+:|\[\w+\])?\s*$/.test(line)) return line;
  const names = line.match(/KAPACITOR_[\w.-]+["']?[ \t]*[=:]/gi) ?? [];
  const [indent = ''] = /^\s*(?:-\s+)?(?:Environment\s*=\s*)?["']?(?:export[ \t]+)?/.exec(line) ?? [];
  return names.length === 0 ? '***' : `${indent}${names.map((name) => `${name}***`).join(' ')}`;
}

/**
 * A file of variables with `***` for the values of those that hold secrets, quoted ones of several lines too. Of a
 * compose file and of a unit no value is shown, since they hold those of other programs.
 */
export function maskVariables(text: string, form: EnvironmentForm): string {
  if (form === 'compose' || form === 'unit') return text.split('\n').map(maskNested).join('\n');
  const value =
    /^([ \t]*(?:export[ \t]+)?[\w.-]*(?:PASSWORD|SECRET|TOKEN|PASSWD|PWD)[\w.-]*[ \t]*=)(.*(?:\\\n.*)*)$/gim;
  const quoted =
    /^([ \t]*(?:export[ \t]+)?[\w.-]*(?:PASSWORD|SECRET|TOKEN|PASSWD|PWD)[\w.-]*[ \t]*=[ \t]*)(["'])[^]*?(?:\2|$(?![^]))/gim;
  const hidden = text.replace(quoted, (raw: string, lead: string) => `${lead}***${raw.replace(/[^\n]/g, '')}`);
  return hidden
    .replace(value, (_, lead: string, raw: string) => `${lead}***${raw.replace(/[^\n]/g, '')}`)
    .replace(userinfo, ':***@');
}
