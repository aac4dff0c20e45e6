import { toBinary } from '../go-compat/utf8.js';
import { compilePrivileges, type Privileges } from './privileges.js';
import { isPermission } from '../model/permissions.js';
import type { Permissions } from '../model/user.js';

/**
 * Permissions as Kapacitor decodes them, and the names that it does not know: with one of them it rejects the record.
 */
export interface DecodedPermissions {
  readonly permissions: Permissions;
  readonly unknown: readonly string[];
}

const none: readonly string[] = [];
const ascii = /^[\u0000-\u007f]*$/;

/** Decodes the permissions of a user record: `"9"` is WriteData (services/auth/meta/types.go). */
export function decodePermissions(permissions: Permissions): DecodedPermissions {
  let hasUnknown = false;
  for (const names of permissions.values()) hasUnknown ||= !names.every(isPermission);
  if (!hasUnknown) return { permissions, unknown: none };
  const known = new Map<string, readonly string[]>();
  const unknown = new Set<string>();
  for (const [scope, names] of permissions) {
    const decoded = names.map((name) => (name === '9' ? 'WriteData' : name));
    for (const name of decoded) if (!isPermission(name)) unknown.add(name);
    known.set(scope, decoded.filter(isPermission));
  }
  return { permissions: known, unknown: [...unknown] };
}

/** The privileges of decoded permissions; database names become the bytes that Kapacitor compares. */
export function compileDecodedPermissions(permissions: Permissions): Privileges {
  const binary = new Map<string, readonly string[]>();
  for (const [scope, names] of permissions) binary.set(ascii.test(scope) ? scope : toBinary(scope), names);
  return compilePrivileges(binary);
}

/** A key that only equal permissions share, in the same order. */
export function permissionsKey(permissions: Permissions): string {
  let text = '';
  for (const [scope, names] of permissions) {
    text += `${scope.length}:${scope}${names.length};`;
    for (const name of names) text += `${name.length}:${name}`;
  }
  return text;
}
