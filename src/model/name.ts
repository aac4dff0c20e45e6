import { usageError } from '../errors.js';
import { excerpt, hasControls } from './text.js';

/** A name in quotes that it cannot end, and in which no backslash of its own looks like an escape. */
export function quoteName(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`;
}

/** A name fit for a sentence: as it is, or in quotes where its edges would not be seen; at most about 100 characters. */
export function showName(name: string): string {
  if (/^[\w.@+-]{1,100}$/.test(name)) return name;
  if (/^[\p{L}\p{N}_.@+-]{1,100}$/u.test(name)) return name;
  return quoteName(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

/** Several names in quotes; after `max` of them only how many more there are. */
export function quoteNames(names: readonly string[], max = 10): string {
  const shown = names.slice(0, max).map(quoteName).join(', ');
  return names.length > max ? `${shown} and ${names.length - max} more` : shown;
}

/** A file for a sentence: its whole path, in quotes where its edges would not be seen. */
export function showFile(file: string): string {
  return /^[\p{L}\p{N}_.@+/-]+$/u.test(file) ? file : quoteName(file);
}

/** Several names for a sentence; after `most` of them only how many more there are. */
export function showNames(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).map(showName).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** A permission for a sentence: `KapacitorAPI`, or `ReadData on telegraf`. */
export function showPermission(permission: string, scope: string): string {
  return scope === '' ? showName(permission) : `${showName(permission)} on ${showName(scope)}`;
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
