import { commandLine } from '../../model/shell-command.js';
import { finding, type Finding, type FindingLocation } from '../finding.js';
import {
  type ConfigCheck,
  type ConfigFacts,
  type ConfigFinding,
  type ConfigInput,
  type ConfigSettingName,
  describeSetting,
  fileLocation,
  settingLocation,
} from './facts.js';
import { type ConfigField, configFields, type ConfigSection, variableName } from '../../kapacitor-config/fields.js';
import { Secret } from '../../model/secret.js';

const othersRead = 0o004;

/** That a file which holds `what` can be read by everybody; nothing where its mode forbids it or is not known. */
export function exposedFileFindings(
  file: string,
  mode: number | undefined,
  what: string,
  place: FindingLocation | undefined,
): readonly ConfigFinding[] {
  if (mode === undefined || (mode & othersRead) === 0) return [];
  const fact = `${file} contains ${what}, and its mode is ${mode.toString(8).padStart(4, '0')}.`;
  const fixes = [{ what: 'To restrict access', command: commandLine('chmod o-rwx', [file]) }];
  return [{ finding: finding('file-exposed', fact, { place, fixes }) }];
}

const name = '[A-Z_][A-Z0-9_]*';
const wholeWord = new RegExp(
  `^(?:\\$\\{?${name}(?::?[-=+?][^}]*)?\\}?|%${name}%|@[A-Z_][A-Z0-9_.-]*@|__[A-Z0-9][A-Z0-9_]*__|\\{\\{.*\\}\\}|<%.*%>|<[A-Z][A-Z0-9_-]*>)$`,
);
/** What the public page has for a name, a password and files. */
const example = /^(?:example-(?:[a-z]+-)?(?:username|password)|\/path\/to\/.+)$/;

/** In an address, the host or the port alone may be one. */
const inAddress = new RegExp(`\\$\\{?${name}\\}?|\\{\\{.*?\\}\\}|<%.*?%>`);

/** Whether a text is the name of a variable that something else was to fill in. */
function isPlaceholder(text: string): boolean {
  return wholeWord.test(text.trim());
}

const addresses: ReadonlySet<ConfigField> = new Set([configFields.http.bindAddress, configFields.auth.metaAddr]);

const { metaCa, metaCert, metaKey } = configFields.auth;
const optionalFiles: ReadonlySet<ConfigField> = new Set([metaCa, metaCert, metaKey]);

function textOf({ http, auth }: ConfigFacts['configuration'], [section, one]: ConfigSettingName): string {
  const settings: Readonly<Record<string, { readonly value: unknown }>> = section === 'http' ? http : auth;
  const value = settings[one]?.value;
  if (value instanceof Secret) return value.reveal();
  return typeof value === 'string' ? value : '';
}

function holdsPlaceholder(field: ConfigField, value: unknown): boolean {
  const text = value instanceof Secret ? value.reveal() : value;
  if (typeof text !== 'string') return false;
  return isPlaceholder(text) || example.test(text.trim()) || (addresses.has(field) && inAddress.test(text));
}

const byName: readonly (readonly [ConfigSection, string, ConfigField])[] = (['http', 'auth'] as const).flatMap(
  (section) => Object.entries<ConfigField>(configFields[section]).map(([one, field]) => [section, one, field] as const),
);

/** The settings that hold a placeholder: what depends on their values is not known. */
export function placeholderFields({ http, auth }: ConfigFacts['configuration']): ReadonlySet<ConfigField> {
  const settings: Readonly<Record<ConfigSection, Readonly<Record<string, { readonly value: unknown }>>>> = {
    http,
    auth,
  };
  return new Set(
    byName.flatMap(([section, one, field]) => (holdsPlaceholder(field, settings[section][one]?.value) ? [field] : [])),
  );
}

/** Values such as `$META_PASSWORD`, which nothing replaces. */
export function placeholderFindings(facts: ConfigFacts, filled: ReadonlySet<ConfigField>): readonly ConfigFinding[] {
  return byName.flatMap(([section, one, field]): ConfigFinding[] => {
    if (!filled.has(field)) return [];
    const setting = [section, one] as ConfigSettingName;
    const place = settingLocation(facts, setting);
    const isExample = example.test(textOf(facts.configuration, setting));
    const what = isExample ? 'an example from the documentation' : 'a placeholder';
    const fact = `[${section}] ${field.key} contains ${what}, which Kapacitor uses literally.`;
    const variable = place?.in === 'environment' ? '' : `, or set ${variableName(section, field)}`;
    const orElse = isExample && optionalFiles.has(field) ? ', or remove the line where no file is needed' : '';
    const fixes = [{ what: `Write the value itself${variable}${orElse}` }];
    return [{ finding: finding('placeholder', fact, { place, fixes }) }];
  });
}

/** Whether a secret is a placeholder that kapadmin prints. */
export function isRedacted(secret: string): boolean {
  return /^\*+$/.test(secret);
}

const secrets: readonly ConfigSettingName[] = [
  ['http', 'sharedSecret'],
  ['auth', 'metaPassword'],
  ['auth', 'metaInternalSharedSecret'],
];

function redactedSecrets(facts: ConfigFacts): readonly ConfigFinding[] {
  return secrets
    .filter((name) => isRedacted(textOf(facts.configuration, name)))
    .map((name) => ({
      finding: finding('masked-secret', `${describeSetting(facts, name)}.`, { place: settingLocation(facts, name) }),
    }));
}

/** Secrets with equal text, each reported once. */
function reusedSecrets(facts: ConfigFacts): readonly ConfigFinding[] {
  return secrets.flatMap((name): ConfigFinding[] => {
    const value = textOf(facts.configuration, name);
    const first = secrets.find((one) => textOf(facts.configuration, one) === value);
    if (value === '' || isRedacted(value) || first === undefined || first === name) return [];
    const fact = `${describeSetting(facts, first)}, ${describeSetting(facts, name)}: the same value.`;
    return [{ finding: finding('secret-reused', fact, { place: settingLocation(facts, name) }) }];
  });
}

export const secretChecks: readonly ConfigCheck[] = [
  {
    reads: [configFields.http.sharedSecret, configFields.auth.metaPassword, configFields.auth.metaInternalSharedSecret],
    gives: ['masked-secret'],
    find: redactedSecrets,
  },
  {
    reads: [configFields.http.sharedSecret, configFields.auth.metaPassword, configFields.auth.metaInternalSharedSecret],
    gives: ['secret-reused'],
    find: reusedSecrets,
  },
];

/** A line that gives a secret, in any section. */
const secretLine = /^[ \t]*"?[\w.-]{0,80}(?:password|passwd|secret|token|api-key)"?[ \t]*=[ \t]*["'][^\n]*[^"'\s]/gim;

/** Whether a text holds a secret that is written out. */
function holdsSecret(text: string): boolean {
  return [...text.matchAll(secretLine)].some(([line]) => {
    const value = line.replace(/^[^=]*=[ \t]*/, '').replace(/^["']|["'][ \t]*(?:#.*)?$/g, '');
    return !isPlaceholder(value.replace(/["'].*$/, ''));
  });
}

/** The files that hold secrets and that everybody may read. */
export function exposedFiles(input: ConfigInput, text: string): readonly Finding[] {
  const { file, environment } = input;
  const conf =
    file !== undefined && holdsSecret(text)
      ? exposedFileFindings(file.path, file.mode, 'secrets', fileLocation(input))
      : [];
  const holds = [...environment.variables].some(
    ([name, value]) => /PASSWORD|SECRET|TOKEN/i.test(name) && value !== '' && !isPlaceholder(value),
  );
  const from = environment.from;
  const variables = holds
    ? exposedFileFindings(from, environment.file?.mode, 'secrets', { in: 'file', file: from })
    : [];
  return [...conf, ...variables].map((one) => one.finding);
}
