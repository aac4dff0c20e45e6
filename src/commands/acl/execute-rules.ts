import type { Factory } from '../../cli/factory.js';
import {
  aclMark,
  type AclChange,
  type AclChangeResult,
  aclSentence,
  type AclChanges,
  aclChangesView,
} from '../../output/views/acl.js';
import { type AclKind, type AclEntry, saysSame } from '../../model/acl.js';
import { MetaError } from '../../meta/errors.js';
import { KapadminError, outcomesError } from '../../errors.js';
import { showDuration } from '../../model/durations-and-sizes.js';
import type { Result } from '../../output/view.js';

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
