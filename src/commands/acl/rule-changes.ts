import { type Command, Option } from 'commander';
import { KapadminError, outcomesError, usageError } from '../../errors.js';
import { type AclEntry, type AclFields, type AclKind, saysSame } from '../../model/acl.js';
import { collectValue, excerpt, showDuration } from '../../model/text.js';
import type { Factory } from '../../cli/factory.js';
import {
  type AclChange,
  type AclChangeResult,
  type AclChanges,
  aclChangesView,
  aclMark,
  aclSentence,
} from '../../output/views/acl.js';
import { MetaError } from '../../meta/errors.js';
import type { Result } from '../../output/view.js';

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

export function noteExperimental({ logger }: Factory): void {
  logger.info(`This command is ${aclMark}; a real cluster may respond otherwise.`);
}

/** All restrictions or grants. The error of a node without these endpoints says so. */
export async function readAcl(kind: AclKind, factory: Factory): Promise<readonly AclEntry[]> {
  try {
    return await (await factory.metaClient()).acl(kind, { signal: factory.context.stop });
  } catch (error) {
    if (!(error instanceof MetaError) || error.status !== 404) throw error;
    const hint = 'This node has no endpoints for fine-grained authorization; else check the URL.';
    throw new KapadminError('server', 'no-acl', error.message, { hint, cause: error });
  }
}

/** The entry that a change made or removed, as a list shows it; undefined where it does not show it. */
function visible({ action, kind, id, fields }: AclChange, now: readonly AclEntry[], before: readonly AclEntry[]) {
  if (action === 'delete') return now.some((entry) => entry.id === id) ? undefined : { kind, id, fields };
  const known = new Set(before.map((entry) => JSON.stringify(entry)));
  const fresh = now.filter((entry) => !known.has(JSON.stringify(entry)));
  return fresh.find((entry) => (id === undefined ? saysSame(entry.fields, fields) : entry.id === id));
}

const pollMs = 50;

/** Lists until the change shows, for as long as `--wait` says. */
async function awaitVisible(change: AclChange, before: readonly AclEntry[], wait: number, factory: Factory) {
  const { clock, stop } = factory.context;
  const end = clock.now() + wait;
  for (;;) {
    const found = visible(change, await readAcl(change.kind, factory), before);
    if (found !== undefined || clock.now() >= end) return found;
    await clock.sleep(pollMs, stop);
  }
}

/** Sends the request; resolves to the id that the response names. */
async function send({ action, kind, id = '', fields }: AclChange, factory: Factory): Promise<string | undefined> {
  const options = { signal: factory.context.stop };
  const client = await factory.metaClient();
  if (action === 'create') return client.createAcl(kind, fields, options);
  await client.deleteAcl(kind, id, options);
  return id;
}

/** Done is what a list shows, also where no response came; what was sent and no list shows is unknown. */
async function executeChange(
  change: AclChange,
  before: readonly AclEntry[],
  factory: Factory,
): Promise<AclChangeResult> {
  const { wait } = (await factory.networkSettings()).limits;
  let sent = change;
  let error: KapadminError | undefined;
  try {
    sent = { ...change, id: await send(change, factory) };
  } catch (caught) {
    if (!(caught instanceof MetaError)) throw caught;
    if (caught.deliveryStatus !== 'unknown') return { ...change, status: 'failed', error: caught };
    error = caught;
  }
  const found = await awaitVisible(sent, before, wait, factory).catch((caught: unknown) => {
    if (!(caught instanceof KapadminError)) throw caught;
    error ??= caught;
  });
  if (found) return { ...sent, id: found.id, status: 'done' };
  const message = `${change.action} ${aclSentence(change)}: accepted, but not visible after ${showDuration(wait * 1e6)}`;
  return { ...sent, status: 'unknown', error: error ?? new KapadminError('partial', 'not-visible', message) };
}

/** Makes the changes one after the other; in a dry run says what it would do. */
export async function executeAcl(
  changes: readonly AclChange[],
  before: readonly AclEntry[],
  factory: Factory,
): Promise<Result<AclChanges>> {
  const { context, flags, logger, status } = factory;
  const dryRun = flags.dryRun === true;
  const results: AclChangeResult[] = [];
  for (const change of changes) {
    const same = change.action === 'create' ? before.find((one) => saysSame(one.fields, change.fields)) : undefined;
    if (same !== undefined) {
      logger.info(`${aclSentence(same)} already exists`);
      results.push({ ...change, id: same.id, status: 'unchanged' });
    } else if (dryRun) results.push({ ...change, status: 'planned' });
    else if (context.stop.aborted) results.push({ ...change, status: 'not-started' });
    else results.push(await status.withSpinner('applying changes', () => executeChange(change, before, factory)));
  }
  if (dryRun) logger.info('Dry run: no changes were made.');
  noteExperimental(factory);
  const failure = outcomesError(results, 'not done', context.stop);
  return { data: { dryRun, changes: results }, view: aclChangesView, ...(failure === undefined ? {} : { failure }) };
}
