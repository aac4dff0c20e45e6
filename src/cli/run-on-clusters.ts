import { type ErrorKind, KapadminError, stopped, usageError } from '../errors.js';
import { toKapadminError } from '../output/render.js';
import type { ClusterOutcome, ExtraFormat, Result, View } from '../output/view.js';
import { environmentLayer, flagLayer, type Layer, type SettingName } from '../settings/layers.js';
import { pluralize, showName, showNames } from '../model/text.js';
import type { Factory } from './factory.js';

const maxAtOnce = 8;

/** How a command runs on several clusters. */
export interface ClusterSupport<O> {
  /** Outputs beyond table, json and yaml. */
  readonly formats: readonly ExtraFormat[];
  view(options: O, factory: Factory): Promise<View<readonly ClusterOutcome<unknown>[]>>;
  /** Throws a usage error for flags that are for one cluster; reads once what is the same for all. */
  prepare?(options: O, factory: Factory): Promise<O>;
}

/**
 * The settings that choose cluster and account. With several profiles each profile must have its own, so that no
 * cluster gets another's credentials.
 */
const ownSettings: readonly SettingName[] = [
  'url',
  'username',
  'passwordStdin',
  'password',
  'passwordFile',
  'secretFile',
  'ca',
  'cert',
  'key',
  'insecureSkipVerify',
];

/** Throws a usage error for a setting that would go to all clusters alike. */
function refuseSharedSettings(layers: readonly Layer[]): void {
  for (const layer of layers) {
    const shared = ownSettings.flatMap((name) => layer.get(name)?.origin ?? []);
    const [origin] = shared;
    if (origin === undefined || !('name' in origin)) continue;
    const message = `${origin.name} cannot be used with several --profile: it would apply to every cluster`;
    const hint = origin.from === 'environment' ? `Unset ${origin.name}. ` : '';
    throw usageError('one-cluster', message, `${hint}Each profile has its own: kapadmin profile add.`);
  }
}

/** Calls `work` for all items, at most `limit` at a time; the results are in their order. */
async function mapAtMost<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

type FailedCluster = Extract<ClusterOutcome<unknown>, { readonly error: KapadminError }>;

/** The error of the clusters that failed, with the reasons where the output does not have them. */
function clustersError(failed: readonly FailedCluster[], count: number, kind: ErrorKind, isListed: boolean) {
  const names = showNames(failed.map(({ profile }) => profile));
  const message = `${failed.length} of ${pluralize(count, 'cluster')} failed: ${names}`;
  const list = failed.flatMap(({ profile, error }) => {
    const more = error.hint === undefined ? error.list : [...error.list, error.hint];
    return [`${showName(profile)}: ${error.message}`, ...more.map((line) => `  ${line}`)];
  });
  return new KapadminError(kind, 'clusters-failed', message, isListed ? {} : { list });
}

/** Lets only the end of the whole command pass, such as Ctrl-C at a prompt. */
function rethrowStop(error: unknown): void {
  if (error instanceof KapadminError && ['interrupted', 'terminated', 'hung-up'].includes(error.kind)) throw error;
}

/** The common kind, else that of a part. */
function commonKind(kinds: readonly ErrorKind[]): ErrorKind {
  const [first = 'done'] = kinds;
  return kinds.every((kind) => kind === first) ? first : 'partial';
}

/** The formats that hold nothing of a cluster that failed. */
const dataFormats = new Set(['csv', 'name']);

/**
 * Runs a command on the clusters of several profiles, each by its own connection. A cluster that fails leaves the
 * others alone; the exit code is the common one, else that of "partly done".
 */
export async function runOnClusters<O>(
  profiles: readonly string[],
  clusterSupport: ClusterSupport<O>,
  run: (options: O, factory: Factory) => Promise<Result<unknown>>,
  given: O,
  factory: Factory,
): Promise<Result<readonly ClusterOutcome<unknown>[]>> {
  const { context, flags } = factory;
  refuseSharedSettings([flagLayer(flags, context.cwd), environmentLayer(context.env, context.cwd)]);
  const clusters = profiles.map((profile) => ({ profile, factory: factory.forProfile(profile) }));
  // Throws for a profile that does not exist: then nothing is sent to any.
  for (const cluster of clusters) await cluster.factory.networkSettings();
  const options = (await clusterSupport.prepare?.(given, factory)) ?? given;
  const view = await clusterSupport.view(options, factory);
  // One after the other: they may ask for passwords. What is wrong is reported when the cluster's turn comes.
  for (const cluster of clusters) await cluster.factory.settings().catch(rethrowStop);

  const kinds: ErrorKind[] = [];
  const outcomes = await mapAtMost(
    clusters,
    maxAtOnce,
    async ({ profile, factory: own }): Promise<ClusterOutcome<unknown>> => {
      try {
        const { data, end = 'done' } = await run(options, own);
        kinds.push(end);
        return { profile, data };
      } catch (cause) {
        const error = toKapadminError(cause);
        kinds.push(error.kind);
        return { profile, error };
      }
    },
  );
  if (context.stop.aborted) throw stopped(context.stop, 'Cancelled. No changes were made.');
  const end = commonKind(kinds);
  const failed = outcomes.flatMap((one) => ('error' in one ? [one] : []));
  const result = { data: outcomes, view, end };
  if (failed.length === 0) return result;
  const isListed = !dataFormats.has(flags.output ?? context.env['KAPADMIN_OUTPUT'] ?? '');
  return { ...result, failure: clustersError(failed, outcomes.length, end, isListed) };
}
