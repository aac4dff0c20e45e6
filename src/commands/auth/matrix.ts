import { type Command, Option } from 'commander';
import { notFoundError } from '../../model/user.js';
import { readSnapshot, type Snapshot } from '../../mutations/snapshot.js';
import type { ClusterSupport } from '../../cli/run-on-clusters.js';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { diffView } from '../../output/views/matrix-diff.js';
import { clusterMatricesView, matrixView } from '../../output/views/matrix.js';
import { refuseForClusters } from '../../settings/flags.js';
import type { Result } from '../../output/view.js';
import { accessPath, parseMethod } from '../../access-matrix/decide-access.js';
import { buildMatrix } from '../../access-matrix/build.js';
import { type Matrix, type MatrixFilters, selectEndpoints } from '../../access-matrix/matrix.js';
import { diffMatrices, type MatrixDiff, readMatrix, type SavedMatrix } from '../../access-matrix/diff.js';
import { readNamedFile } from '../../settings/files-and-stdin.js';
import { collectList, listSome } from '../../model/text.js';
import { detectRolesInUserRecords } from '../kapacitor-notes.js';
import { addStateFlag, readStateFlag, type StateFlag } from '../state-flag.js';

export const formats = ['csv', 'name', 'markdown', 'html'] as const;

export interface MatrixOptions extends StateFlag {
  readonly user?: readonly string[];
  readonly endpoint?: readonly string[];
  readonly method?: readonly string[];
  readonly db?: readonly string[];
  readonly role?: string;
  readonly only?: 'allowed' | 'denied';
  readonly diff?: string;
  readonly exitCode?: boolean;
}

export const clusters: ClusterSupport<MatrixOptions> = {
  formats: ['csv', 'name', 'markdown'],
  view: () => Promise.resolve(clusterMatricesView),
  prepare: (options) => {
    refuseForClusters({ '--state': options.state, '--diff': options.diff, '--only': options.only });
    return Promise.resolve(options);
  },
};

/** The largest file that `--diff` reads. */
const maxFileBytes = 64 * 1024 * 1024;

const examples = `
Examples:
  kapadmin auth matrix
  kapadmin auth matrix -o html --out access.html
  kapadmin auth matrix --state access/ -o csv
  kapadmin auth matrix --endpoint /config --only allowed -o name
  kapadmin auth matrix --user 'team-*' --endpoint /write --db telegraf
  kapadmin auth matrix -o json --out monday.json
  kapadmin auth matrix --diff monday.json --exit-code
  kapadmin auth matrix --profile prod --profile lab -o csv`;

function listOption(words: string, text: string): Option {
  return new Option(words, `${text} (repeatable)`).argParser(collectList);
}

export function define(command: Command, action: (options: MatrixOptions) => Promise<void>): void {
  addStateFlag(command)
    .optionsGroup('Filters:')
    .addOption(listOption('--user <glob>', 'only users that match the pattern (*: any characters, ?: one)'))
    .addOption(listOption('--endpoint <prefix>', 'only paths with this prefix, such as /config'))
    .addOption(listOption('--method <method>', 'only this method'))
    .addOption(listOption('--db <database>', 'only writes to this database'))
    .option('--role <role>', 'only members of this role')
    .addOption(
      new Option('--only <which>', 'only users and endpoints with this result').choices(['allowed', 'denied'] as const),
    )
    .optionsGroup('Comparison:')
    .option('--diff <file>', 'compare with an earlier -o json: who gained and lost access')
    .option('--exit-code', 'with --diff: exit 1 if something changed')
    .addHelpText('after', examples)
    .action((options: MatrixOptions) => action(options));
}

/** The path of a whole URL; anything else is a beginning of paths already. */
function pathPrefix(text: string): string {
  return /^https?:\/\//i.test(text) ? accessPath(text).replace(/\?.*$/s, '') : text;
}

function matrixFilters({ user = [], endpoint = [], method = [], db = [], role, only }: MatrixOptions): MatrixFilters {
  if (db.includes('')) throw usageError('empty-database', '--db is empty', 'Omit it for all databases.');
  const methods = method.map(parseMethod);
  const endpoints = endpoint.map(pathPrefix);
  selectEndpoints({ endpoints, methods });
  return {
    users: user,
    endpoints,
    methods,
    databases: db,
    only: only ?? null,
    role: role ?? null,
  };
}

async function readOldMatrix(
  { diff, only, exitCode }: MatrixOptions,
  factory: Factory,
): Promise<SavedMatrix | undefined> {
  if (diff === undefined) {
    if (exitCode === true) throw usageError('no-diff', '--exit-code requires --diff', 'Add --diff FILE.');
    return undefined;
  }
  if (factory.flags.output === 'html') {
    throw usageError('unknown-output', '--diff does not support HTML', 'Use -o markdown, csv, json or name.');
  }
  if (only !== undefined) throw usageError('two-questions', '--diff cannot be combined with --only');
  return readMatrix((await readNamedFile(factory.context, diff, '--diff', maxFileBytes)).text, diff);
}

/** The users and roles of the matrix, of the files of `--state` or the cluster. */
async function readEverybody(
  state: StateFlag['state'],
  factory: Factory,
): Promise<Snapshot & Pick<Matrix, 'cluster' | 'rolesInUserRecords'>> {
  if (state !== undefined) {
    const files = await readStateFlag(state, factory);
    return { ...files, cluster: files.files, rolesInUserRecords: 'unknown' };
  }
  const client = await factory.metaClient();
  const found = await readSnapshot(client, { users: 'all', roles: 'all' }, factory.context.stop);
  return { ...found, cluster: client.nodes, rolesInUserRecords: await detectRolesInUserRecords(found, factory) };
}

async function readMatrixNow({ state }: MatrixOptions, filters: MatrixFilters, factory: Factory): Promise<Matrix> {
  const { users, roles, ...source } = await readEverybody(state, factory);
  if (filters.role !== null && !roles.has(filters.role)) {
    throw notFoundError('role', [filters.role], undefined, [...roles.keys()]);
  }
  const made = new Date(factory.context.clock.now()).toISOString();
  return buildMatrix({ users: [...users.values()], roles: [...roles.values()], made, ...source }, filters);
}

export async function run(options: MatrixOptions, factory: Factory): Promise<Result<Matrix> | Result<MatrixDiff>> {
  const filters = matrixFilters(options);
  const previous = await readOldMatrix(options, factory);
  const matrix = await readMatrixNow(options, filters, factory);
  if (previous === undefined) return { data: matrix, view: matrixView };
  const diff = diffMatrices(previous, matrix);
  if (diff.notCompared.length > 0) {
    const columns = listSome(diff.notCompared, 5);
    factory.logger.warn(`columns that only one of the two matrices has were not compared: ${columns}`);
  }
  const hasChanges = options.exitCode === true && diff.changes.length > 0;
  return { data: diff, view: diffView, ...(hasChanges ? { end: 'no' as const } : {}) };
}
