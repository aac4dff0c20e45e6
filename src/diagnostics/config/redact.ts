import { type Configuration, findField } from '../../kapacitor-config/fields.js';
import type { EnvironmentFormat } from '../../kapacitor-config/environment-formats.js';
import {
  type ConfigOutline,
  type ConfigResult,
  outlineConfig,
  type WrittenKey,
} from '../../kapacitor-config/read-and-validate.js';
import { applyTextEdits, type Edit } from './edit.js';
import { parseLeniently } from './lenient-parse.js';
import { suggestField } from './spelling.js';
import { knownVersions } from '../../model/kapacitor-versions.js';

const accountNames =
  /^(admin|root|administrator|influx(db|d)?|meta|kapacitor|chronograf|telegraf|service|svc|user)([-_.][a-z0-9._-]*)?$/i;

const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9._@-]/];

function looksLikePassword(text: string): boolean {
  const kinds = classes.filter((kind) => kind.test(text)).length;
  return text.length >= 8 && (kinds >= 3 || (kinds === 2 && text.length >= 20));
}

/** Whether user name and password of the meta node seem to be swapped, judging by their characters. */
export function looksSwapped({ auth }: Configuration): boolean {
  const name = auth.metaUsername.value;
  return accountNames.test(auth.metaPassword.value.reveal()) && !accountNames.test(name) && looksLikePassword(name);
}

/** An address without user name and password. */
export function redactUserinfo(address: string): string {
  return address.replace(/^(\s*(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?)[^/]*@/i, '$1***@');
}

const secretName = /pass(?:word|wd|phrase)?$|pwd$|secret|token|api-?key/i;

/** Whether a key of this name holds a secret, misspelt ones included. */
function isSecretName(name: string): boolean {
  if (secretName.test(name)) return true;
  return (['http', 'auth'] as const).some((section) => {
    return findField(section, name) === undefined && suggestField(section, name)?.isSecret === true;
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
function redactLine(line: string): string {
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

function redactedLiteral(raw: string): string {
  return `${/^["']/.test(raw) ? '"***"' : '***'}${raw.replace(/[^\n]/g, '')}`;
}

/** A file that is not TOML and has no table is not a kapacitor.conf: all of it may be secret. */
const header = /^[ \t]*\[/m;

/** A name and a password before a host. */
const userinfo = /:[^\s"']{1,200}@/g;

const minSecretLength = 8;

/** The text of a string, roughly: enough to find it elsewhere. */
function content(raw: string): string {
  return raw
    .trim()
    .replace(/^["']{1,3}/, '')
    .replace(/["']{1,3}$/, '')
    .trim();
}

function swappedName(text: string): readonly WrittenKey[] {
  const { file, configuration } = parseLeniently(text, new Map());
  if (configuration === undefined || !looksSwapped(configuration)) return [];
  return file.keys.filter(({ field }) => field?.key === 'meta-username');
}

/** The outline for the newest release that can read the file, or for 1.8. */
function outlineAsReadable(text: string): ConfigOutline {
  const newest = outlineConfig(text);
  if (newest.fault === undefined) return newest;
  const groups = new Map(knownVersions.map((version) => [Object.values(version.rules).join(), version] as const));
  for (const version of [...groups.values()].toReversed()) {
    const outline = outlineConfig(text, version);
    if (outline.fault === undefined) return outline;
  }
  return newest;
}

/**
 * A kapacitor.conf with `***` for each secret, fit to be shown: the values of keys that hold secrets or are named as
 * such, misspelt and commented ones too, and what is equal to them. Lines stay lines.
 */
export function redactConfig(text: string): string {
  const { keys, fault } = outlineAsReadable(text);
  if (fault !== undefined && !header.test(text)) return text.replaceAll(/[^\s][^\n]*/g, '***');
  const hidden = [...keys.filter(isSecret), ...swappedName(text)].filter(({ value }) => content(value.raw) !== '');
  const edits = [...new Set(hidden)].map(({ value: { start, end, raw } }): Edit => {
    return { start, end, text: redactedLiteral(raw) };
  });
  const known = [...new Set(hidden.map(({ value }) => content(value.raw)))].filter(
    ({ length }) => length >= minSecretLength,
  );
  const shown = applyTextEdits(text, edits)
    .replace(several, (match: string, lead: string, name: string, raw: string) => {
      return isSecretName(name) ? `${lead}${redactedLiteral(raw)}` : match;
    })
    .split('\n')
    .map(redactLine)
    .join('\n')
    .replace(within, '$1"***"')
    .replace(userinfo, ':***@');
  return known.reduce((done, secret) => done.replaceAll(secret, '***'), shown);
}

/** A line of a compose file or a unit: what opens a block stays, of all else the names of Kapacitor's variables. */
function redactNested(line: string): string {
  if (/^\s*(?:-\s+)?(?:[\w.-]+:|\[\w+\])?\s*$/.test(line)) return line;
  const names = line.match(/KAPACITOR_[\w.-]+["']?[ \t]*[=:]/gi) ?? [];
  const [indent = ''] = /^\s*(?:-\s+)?(?:Environment\s*=\s*)?["']?(?:export[ \t]+)?/.exec(line) ?? [];
  return names.length === 0 ? '***' : `${indent}${names.map((name) => `${name}***`).join(' ')}`;
}

/**
 * A file of variables with `***` for the values of those that hold secrets, quoted ones of several lines too. Of a
 * compose file and of a unit no value is shown, since they hold those of other programs.
 */
export function redactVariables(text: string, form: EnvironmentFormat): string {
  if (form === 'compose' || form === 'unit') return text.split('\n').map(redactNested).join('\n');
  const value =
    /^([ \t]*(?:export[ \t]+)?[\w.-]*(?:PASSWORD|SECRET|TOKEN|PASSWD|PWD)[\w.-]*[ \t]*=)(.*(?:\\\n.*)*)$/gim;
  const quoted =
    /^([ \t]*(?:export[ \t]+)?[\w.-]*(?:PASSWORD|SECRET|TOKEN|PASSWD|PWD)[\w.-]*[ \t]*=[ \t]*)(["'])[^]*?(?:\2|$(?![^]))/gim;
  const hidden = text.replace(quoted, (raw: string, lead: string) => `${lead}***${raw.replace(/[^\n]/g, '')}`);
  return hidden
    .replace(value, (_, lead: string, raw: string) => `${lead}***${raw.replace(/[^\n]/g, '')}`)
    .replace(userinfo, ':***@');
}

type Refused = Extract<ConfigResult, { starts: false }>;

/** Whether a piece that the parser stumbled over may be a secret's: the key before it or on its line is named so. */
function mayBeSecret({ lastKey, line }: NonNullable<ConfigOutline['fault']>, text: string): boolean {
  const lines = text.split('\n').slice(Math.max(line - 2, 0), line);
  const names = lines.map((one) => /^[\s#;]*["']?([^\s=:"']*)/.exec(one)?.[1] ?? '');
  const nowhere = !/^[ \t]*\[/m.test(text);
  return nowhere || [lastKey, ...names].some((name) => isSecretName(name) || isAccountName(name));
}

/** The user name of the meta node may be a password, where the two were exchanged. */
function isAccountName(name: string): boolean {
  return /meta-?user/i.test(name);
}

const minPieceLength = 2;

/**
 * The daemon's own message, fit for a terminal: a piece of the file that it repeats is masked where a key before it is
 * named as one that holds a secret.
 */
export function daemonMessage(refused: Refused, file: ConfigOutline): string {
  const { message, secretPiece } = refused;
  const fault = message.startsWith('parse config: ') ? file.fault : undefined;
  const leakedPiece = fault !== undefined && mayBeSecret(fault, file.text) ? fault.piece : undefined;
  const pieces = [secretPiece, leakedPiece].filter((piece) => piece !== undefined && piece.length >= minPieceLength);
  const masked = pieces.reduce<string>((text, piece) => text.replaceAll(piece ?? '', '***'), message);
  return masked.replace(/:[^\s"':]{1,200}@/g, ':***@');
}

/** The problem in words of 1.8, where those of the release are not known; masked as its message is. */
export function inexactProblem(refused: Refused, file: ConfigOutline): string | undefined {
  const { inexact } = refused;
  if (inexact === undefined) return undefined;
  const prefix = 'parse config: ';
  const problem = daemonMessage({ ...refused, message: `${prefix}${inexact}` }, file).slice(prefix.length);
  const advice = /\bdots\b/.test(problem) ? ' Write the key below the header of its section, such as [http].' : '';
  return `${problem}.${advice} Kapacitor's own wording and line number may differ.`;
}
