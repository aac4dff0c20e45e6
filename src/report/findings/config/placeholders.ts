import { type Field, fields, type Section, variableOf } from '../../../kapacitor-config/fields.js';
import { Secret } from '../../../model/secret.js';
import { finding } from '../../../diagnostics/finding.js';
import type { ConfigFinding } from './check.js';
import { type ConfigFacts, placeOf, type SettingName } from './facts.js';

const name = '[A-Z_][A-Z0-9_]*';
const whole = new RegExp(
  `^(?:\\$\\{?${name}(?::?[-=+?][^}]*)?\\}?|%${name}%|@[A-Z_][A-Z0-9_.-]*@|__[A-Z0-9][A-Z0-9_]*__|\\{\\{.*\\}\\}|<%.*%>|<[A-Z][A-Z0-9_-]*>)$`,
);
/** In an address, the host or the port alone may be one. */
const inAddress = new RegExp(`\\$\\{?${name}\\}?|\\{\\{.*?\\}\\}|<%.*?%>`);

/** Whether a text is the name of a variable that something else was to fill in. */
export function isPlaceholder(text: string): boolean {
  return whole.test(text.trim());
}

const addresses: ReadonlySet<Field> = new Set([fields.http.bindAddress, fields.auth.metaAddr]);

function holdsPlaceholder(field: Field, value: unknown): boolean {
  const text = value instanceof Secret ? value.reveal() : value;
  if (typeof text !== 'string') return false;
  return isPlaceholder(text) || (addresses.has(field) && inAddress.test(text));
}

const byName: readonly (readonly [Section, string, Field])[] = (['http', 'auth'] as const).flatMap((section) =>
  Object.entries<Field>(fields[section]).map(([one, field]) => [section, one, field] as const),
);

/** The settings that hold a placeholder: what depends on their values is not known. */
export function placeholderFields({ http, auth }: ConfigFacts['configuration']): ReadonlySet<Field> {
  const settings: Readonly<Record<Section, Readonly<Record<string, { readonly value: unknown }>>>> = { http, auth };
  return new Set(
    byName.flatMap(([section, one, field]) => (holdsPlaceholder(field, settings[section][one]?.value) ? [field] : [])),
  );
}

/** Values such as `$META_PASSWORD`, which nothing replaces. */
export function placeholderFindings(facts: ConfigFacts, filled: ReadonlySet<Field>): readonly ConfigFinding[] {
  return byName.flatMap(([section, one, field]): ConfigFinding[] => {
    if (!filled.has(field)) return [];
    const setting = [section, one] as SettingName;
    const place = placeOf(facts, setting);
    const variable = variableOf(section, field);
    const fact = `[${section}] ${field.key} holds a placeholder, which Kapacitor takes as it stands.`;
    const mends = [{ what: `Write the value itself there, or set ${variable}` }];
    return [{ finding: finding('placeholder', fact, { place, mends }) }];
  });
}
