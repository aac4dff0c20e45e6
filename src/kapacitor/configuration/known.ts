import { fields, type Field, type Section } from './fields.js';
import { defaultVersion, type KapacitorVersion } from '../../model/kapacitor-versions.js';

/** Letter case as the daemon ignores it: a Kelvin sign is a `k` and a long s is an `s`. */
export function folded(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's');
}

const byKey: ReadonlyMap<Section, ReadonlyMap<string, Field>> = new Map(
  (['http', 'auth'] as const).map((section) => [
    section,
    new Map(Object.values<Field>(fields[section]).map((field) => [field.key, field])),
  ]),
);

/** The section that the daemon takes a name for. */
export function knownSection(name: string): Section | undefined {
  const section = folded(name);
  return section === 'http' || section === 'auth' ? section : undefined;
}

/** Whether a daemon of this version knows a field at all. */
export function isRead(field: Field, { rules }: KapacitorVersion): boolean {
  return field.needs === undefined || rules[field.needs];
}

/** The field that the daemon takes a key for. */
export function knownField(
  section: Section,
  name: string,
  version: KapacitorVersion = defaultVersion,
): Field | undefined {
  const field = byKey.get(section)?.get(folded(name));
  return field !== undefined && isRead(field, version) ? field : undefined;
}

/** The variable that sets a field. */
export function variableOf(section: Section, field: Field): string {
  return `KAPACITOR_${section}_${field.key}`.toUpperCase().replaceAll('-', '_');
}
