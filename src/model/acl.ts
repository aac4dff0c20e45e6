import { showName } from './text.js';

// Fine-grained authorization, built from the documentation: no response of a real cluster was seen.

export type AclKind = 'restriction' | 'grant';

/** The keys of a restriction or grant; those of one from a server may be any. */
export type AclFields = Readonly<Record<string, unknown>>;

export interface AclEntry {
  readonly kind: AclKind;
  /** Undefined where the response has none, or it is still to be created. */
  readonly id: string | undefined;
  readonly fields: AclFields;
}

export function isAclFields(value: unknown): value is AclFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const documented = ['database', 'measurement', 'tags', 'permissions', 'users', 'roles'] as const;

/** A value in one form: the order of keys and of lists says nothing, and what is empty is left out. */
function normal(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'null' : `[${value.map(normal).toSorted().join()}]`;
  if (!isAclFields(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${key}:${normal(value[key])}`).join()}}`;
}

/** Whether two say the same in what is documented. */
export function saysSame(one: AclFields, other: AclFields): boolean {
  return documented.every((key) => normal(one[key]) === normal(other[key]));
}

function matchText(value: unknown): string {
  if (!isAclFields(value)) return JSON.stringify(value);
  const { match, value: text, key, ...others } = value;
  const isKnown = typeof text === 'string' && (match === 'exact' || match === 'prefix');
  if (!isKnown || Object.keys(others).length > 0) return JSON.stringify(value);
  const tag = typeof key === 'string' ? key : '';
  if (match === 'exact') return showName(tag === '' ? text : `${tag}=${text}`);
  return `${tag === '' ? '' : `${showName(tag)} `}prefix ${showName(text)}`;
}

function nameText(value: unknown): string {
  const name = isAclFields(value) && Object.keys(value).length === 1 ? value['name'] : value;
  return typeof name === 'string' ? showName(name) : JSON.stringify(value);
}

/** What an entry says, in parts; `others` is JSON of what is not documented. */
export function describeAcl(fields: AclFields) {
  const part = (key: (typeof documented)[number], text: (item: unknown) => string, word = ''): readonly string[] =>
    [fields[key] ?? []].flat().map((item) => word + text(item));
  const isOther = ([key]: [string, unknown]): boolean => !['id', 'ID', ...documented].includes(key);
  const others = Object.entries(fields).filter(isOther);
  return {
    permissions: part('permissions', nameText),
    on: [
      ...part('database', matchText, 'database '),
      ...part('measurement', matchText, 'measurement '),
      ...part('tags', matchText, 'tag '),
    ],
    whom: [...part('users', nameText, 'user '), ...part('roles', nameText, 'role ')],
    others: others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others)),
  };
}
