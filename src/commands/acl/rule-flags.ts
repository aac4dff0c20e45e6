import { type Command, Option } from 'commander';
import { usageError } from '../../errors.js';
import type { AclFields } from '../../model/acl.js';
import { collectValue } from '../../model/comma-lists.js';
import { excerpt } from '../../model/text.js';

interface Match {
  readonly match: 'exact' | 'prefix';
  readonly value: string;
}

/** What a restriction or grant covers, as commander names the flags. */
export interface RuleFlags {
  readonly db?: string;
  readonly dbPrefix?: string;
  readonly measurement?: string;
  readonly measurementPrefix?: string;
  readonly tag?: readonly string[];
  readonly tagPrefix?: readonly string[];
}

export function addRuleFlags(command: Command): Command {
  const tag = (flags: string, text: string): Option => new Option(flags, text).argParser(collectValue);
  return command
    .argument('<permission...>', 'read, write or both')
    .option('--db <database>', 'database')
    .option('--db-prefix <text>', 'databases whose names begin with this')
    .option('--measurement <name>', 'measurement (default: all)')
    .option('--measurement-prefix <text>', 'measurements whose names begin with this')
    .addOption(tag('--tag <key=value>', 'points with this tag, repeatable (all must match)'))
    .addOption(tag('--tag-prefix <key=text>', 'points with a tag whose value begins with this, repeatable'));
}

function matchOf(exact: string | undefined, prefix: string | undefined, flag: string): Match | undefined {
  if (exact !== undefined && prefix !== undefined) {
    throw usageError('two-matches', `--${flag} and --${flag}-prefix cannot be combined`, 'Use one of them.');
  }
  if (exact === '' || prefix === '') throw usageError('empty-match', `--${flag}: the name is empty`);
  if (exact !== undefined) return { match: 'exact', value: exact };
  return prefix === undefined ? undefined : { match: 'prefix', value: prefix };
}

function tagOf(text: string, match: Match['match'], flag: string): Match & { key: string } {
  const at = text.indexOf('=');
  if (at > 0) return { match, key: text.slice(0, at), value: text.slice(at + 1) };
  throw usageError('bad-tag', `${flag}: "${excerpt(text, 40)}" is not KEY=VALUE`);
}

/** The rule that the words say. Throws a usage error for words that say none. */
export function readRule(permissions: readonly string[], flags: RuleFlags): AclFields {
  const known = (['read', 'write'] as const).filter((name) => permissions.includes(name));
  const unknown = permissions.find((name) => name !== 'read' && name !== 'write');
  if (unknown !== undefined) {
    throw usageError('unknown-permission', `unknown permission "${excerpt(unknown, 40)}"`, 'Use read, write or both.');
  }
  const database = matchOf(flags.db, flags.dbPrefix, 'db');
  if (database === undefined)
    throw usageError('no-database', 'no database given', 'Add --db NAME or --db-prefix TEXT.');
  const measurement = matchOf(flags.measurement, flags.measurementPrefix, 'measurement');
  const tags = [
    ...(flags.tag ?? []).map((text) => tagOf(text, 'exact', '--tag')),
    ...(flags.tagPrefix ?? []).map((text) => tagOf(text, 'prefix', '--tag-prefix')),
  ];
  return {
    database,
    ...(measurement === undefined ? {} : { measurement }),
    ...(tags.length === 0 ? {} : { tags }),
    permissions: known,
  };
}

/** What the documentation warns of where a restriction has tags; undefined where it does not apply. */
export function openWritesWarning(name: string, { permissions, tags }: AclFields): string | undefined {
  const isOpen = [permissions].flat().includes('write') && Array.isArray(tags) && tags.length > 0;
  return isOpen
    ? `${name} leaves writes of points without its tags open: it covers only points that have them`
    : undefined;
}

export const notRestricted = 'Restrictions limit neither Flux queries nor admin users.';

/** In the help of each command. */
export const aclHelp = `
Experimental: built from the documentation of fine-grained authorization in
InfluxDB Enterprise, not tried against a real cluster.
`;
