import { usageError } from '../errors.js';
import { nearest } from './nearest.js';
import { isPermission, permissions } from './permission.js';
import { excerpt, hasControls } from './text.js';

/** Throws a usage error with the nearest name unless the permission is one that Kapacitor knows. */
export function checkPermission(name: string): void {
  if (isPermission(name)) return;
  const near = nearest(
    name,
    permissions.map((row) => row.name),
  );
  const hint = near === undefined ? 'See kapadmin permission list.' : `did you mean "${near}"?`;
  throw usageError('unknown-permission', `unknown permission "${excerpt(name, 60)}"`, hint);
}

/** Throws a usage error unless a name is fit for a new user or role. */
export function checkNewName(what: 'user' | 'role', name: string): void {
  if (name.trim() === '') throw usageError('invalid-name', `the name of a ${what} must not be empty or blank`);
  if (hasControls(name)) {
    throw usageError('invalid-name', `the name of a ${what} must not hold control characters: "${excerpt(name, 60)}"`);
  }
  if (/[\ud800-\udfff]/u.test(name)) {
    throw usageError('invalid-unicode', `the name of a ${what} must be Unicode text: "${excerpt(name, 60)}"`);
  }
}
