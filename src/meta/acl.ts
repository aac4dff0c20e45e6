import { type AclEntry, type AclFields, type AclKind, isAclFields } from '../model/acl.js';
import { UnexpectedShapeError } from './wire.js';

function entryOf(kind: AclKind, fields: AclFields, key?: string): AclEntry {
  const id = fields['id'] ?? fields['ID'] ?? key;
  return { kind, id: typeof id === 'string' || typeof id === 'number' ? String(id) : undefined, fields };
}

/**
 * The entries in a response to a list, in whatever shape: an array, an object that has one, or an object with an entry
 * for each id. Throws UnexpectedShapeError.
 */
export function parseAclList(kind: AclKind, value: unknown): readonly AclEntry[] {
  if (value === null) return [];
  if (Array.isArray(value) && value.every(isAclFields)) return value.map((fields) => entryOf(kind, fields));
  if (isAclFields(value)) {
    if (`${kind}s` in value) return parseAclList(kind, value[`${kind}s`]);
    const entries = Object.entries(value);
    const lists = entries.filter(([, item]) => Array.isArray(item));
    if (lists.length === 1) return parseAclList(kind, lists[0]?.[1]);
    const byId = entries.flatMap(([id, item]) =>
      isAclFields(item) && 'permissions' in item ? [entryOf(kind, item, id)] : [],
    );
    if (byId.length === entries.length) return byId;
  }
  throw new UnexpectedShapeError(`expected a list of ${kind}s`);
}

/** The id in a response to a create: of the entry itself, or of one in it; undefined where there is none. */
export function createdId(kind: AclKind, body: Uint8Array): string | undefined {
  if (body.length === 0) return undefined;
  const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
  const inner = isAclFields(value) ? (value[kind] ?? value) : value;
  return isAclFields(inner) ? entryOf(kind, inner).id : undefined;
}
