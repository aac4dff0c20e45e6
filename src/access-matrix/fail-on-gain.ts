import { usageError } from '../errors.js';
import { isKapacitorPermission, isPermission, permissionHint, permissions } from '../model/permissions.js';
import { excerpt, nearest } from '../model/text.js';
import { endpointCells } from './user-record-access.js';
import type { AccessChange, AccessItem } from './access-changes.js';
import { matchesGlob } from './matrix.js';

/** What `--fail-on-gain` names: `write:/config`, `WriteData:telegraf`, or `CreateUserAndRole` on whatever database. */
export interface GainPattern {
  /** As it was given. */
  readonly text: string;
  matches(item: AccessItem): boolean;
}

const base = '/kapacitor/v1';
const privileges = [...new Set(endpointCells.map(({ privilege }) => privilege))];
const groups = [...new Set(endpointCells.map(({ endpoint }) => endpoint))];

function fault(text: string, what: string, hint: string): Error {
  return usageError('bad-pattern', `--fail-on-gain "${excerpt(text, 60)}": ${what}`, hint);
}

function suggest(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? `Use one of ${known.join(', ')}.` : `Did you mean "${near}"?`;
}

function endpointPattern(text: string, privilege: string, path: string): GainPattern {
  const endpoint = path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  if (endpoint.includes('?db=')) {
    throw fault(text, 'an endpoint has no database here', 'Use WriteData:DATABASE for writes to one database.');
  }
  if (!privileges.some((known) => matchesGlob(privilege, known))) {
    throw fault(text, `unknown privilege "${excerpt(privilege, 30)}"`, suggest(privilege, privileges));
  }
  const found = endpointCells.filter((cell) => matchesGlob(endpoint, cell.endpoint));
  if (found.length === 0) throw fault(text, `unknown endpoint "${excerpt(endpoint, 60)}"`, suggest(endpoint, groups));
  if (!found.some((cell) => matchesGlob(privilege, cell.privilege))) {
    const needed = [...new Set(found.map((cell) => cell.privilege))].join(', ');
    throw fault(text, `${excerpt(endpoint, 60)} never needs "${excerpt(privilege, 30)}"`, `It needs ${needed}.`);
  }
  return {
    text,
    matches: (item) =>
      'endpoint' in item &&
      matchesGlob(privilege, item.privilege) &&
      matchesGlob(endpoint, item.endpoint.split('?', 1)[0] ?? ''),
  };
}

function permissionPattern(text: string, permission: string, database: string | undefined): GainPattern {
  const named = permissions.filter(({ name }) => matchesGlob(permission, name)).map(({ name }) => name);
  if (named.length === 0 && !isPermission(permission)) {
    throw fault(text, `unknown permission "${excerpt(permission, 60)}"`, permissionHint(permission));
  }
  if (named.every(isKapacitorPermission)) {
    const hint = 'Name what it gives in Kapacitor, such as write:/tasks or write:/config.';
    throw fault(text, `${permission} gives nothing in InfluxDB`, hint);
  }
  return {
    text,
    matches: (item) =>
      'database' in item &&
      matchesGlob(permission, item.privilege) &&
      (database === undefined || item.database === '' || matchesGlob(database, item.database)),
  };
}

/**
 * Parses a pattern: a privilege and an endpoint as the matrix groups them, or an InfluxDB permission and optionally a
 * database; `*` matches anything. Throws a usage error for a pattern that no gain can match.
 */
export function parseGainPattern(text: string): GainPattern {
  const colon = text.indexOf(':');
  const [left, right] = colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
  if (left === '' || right === '') {
    throw fault(text, 'not a pattern', 'Use PRIVILEGE:/ENDPOINT or PERMISSION:DATABASE, such as write:/config.');
  }
  if (left === '*' && (right === undefined || right === '*')) return { text, matches: () => true };
  if (left.startsWith('/')) {
    const cells = endpointCells.filter(({ endpoint }) => endpoint === left);
    const known = (cells.length > 0 ? cells : endpointCells.slice(0, 3)).map(
      (cell) => `${cell.privilege}:${cell.endpoint}`,
    );
    throw fault(text, 'no privilege before the endpoint', `Use ${known.join(' or ')}.`);
  }
  const isEndpoint = right?.startsWith('/') === true || (right !== undefined && privileges.includes(left as never));
  return isEndpoint ? endpointPattern(text, left, right ?? '') : permissionPattern(text, left, right);
}

/** A pattern and who gains what it names, or may gain it. */
export interface GainMatch {
  readonly pattern: string;
  readonly gained: readonly string[];
  readonly unknown: readonly string[];
}

/** The patterns that something matches that is gained, or of which that is unknown. */
export function matchGains(patterns: readonly GainPattern[], changes: readonly AccessChange[]): readonly GainMatch[] {
  return patterns.flatMap((pattern) => {
    const matching = changes.filter(({ items }) => items.some((item) => pattern.matches(item)));
    const users = (isIt: (change: AccessChange) => boolean): readonly string[] =>
      [...new Set(matching.filter(isIt).flatMap((change) => change.users))].sort();
    const gained = users(({ outcome }) => outcome === 'gained');
    const unknown = users(({ outcome, allowed }) => outcome === 'unknown' && !allowed);
    return gained.length + unknown.length === 0 ? [] : [{ pattern: pattern.text, gained, unknown }];
  });
}
