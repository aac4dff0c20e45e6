import type { Command } from 'commander';
import type { Factory } from '../cli/factory.js';
import { usageError } from '../errors.js';
import { unknownPermissions } from '../model/permissions.js';
import { listSome, showName, showNames } from '../model/text.js';
import { leftOutSentence } from '../model/roles-in-user-records.js';
import { FileOutput } from '../output/style.js';
import type { Result, View } from '../output/view.js';
import { danglingMembers, exportState, type StateDocument, stateJson, stateYaml } from '../desired-state/export.js';
import type { CurrentState } from '../desired-state/desired-state.js';
import { readCluster } from './desired-state/load-state-files.js';

interface ExportOptions {
  readonly withHashes?: boolean;
}

const view: View<StateDocument> = { text: (document) => new FileOutput(stateYaml(document)), json: stateJson };

export function define(command: Command, action: (options: ExportOptions) => Promise<void>): void {
  command
    .option('--with-hashes', 'include password hashes; only to a private file or a pipe')
    .addHelpText(
      'after',
      `
The output is stable, so it can be kept under version control.

Examples:
  kapadmin export --out access.yaml
  kapadmin export --with-hashes | kapadmin apply - --profile new-cluster`,
    )
    .action((options: ExportOptions) => action(options));
}

/** Throws a usage error where hashes would go to a screen, or to a file that others can read. */
function checkHashOutput(factory: Factory): void {
  if (factory.flags.out !== undefined) return;
  const { io } = factory.context;
  const hint = 'Use --out FILE, which only you can read, or a pipe.';
  if (io.stdoutIsTerminal) throw usageError('hashes-to-terminal', '--with-hashes does not print to a terminal', hint);
  if (io.stdoutIsOpenToOthers()) {
    throw usageError('hashes-to-open-file', '--with-hashes does not write to a file that others can read', hint);
  }
}

const maxNamed = 5;

/** Warns about what the file cannot express, and about prompts of a later apply: one warning of each kind. */
function warnAboutOmissions(cluster: CurrentState, withHashes: boolean, { logger }: Factory): void {
  const dangling = danglingMembers(cluster).map(({ role, user }) => `${showName(user)} of role ${showName(role)}`);
  if (dangling.length > 0)
    logger.warn(`role members that do not exist as users were left out: ${listSome(dangling, maxNamed)}`);
  const unknown = [...cluster.users.values(), ...cluster.roles.values()].flatMap(({ name, permissions }) => {
    const unknownNames = unknownPermissions(permissions);
    return unknownNames.length > 0 ? [`${showName(name)} (${showNames(unknownNames, 3)})`] : [];
  });
  if (unknown.length > 0) {
    logger.warn(
      `the export contains unknown permissions; apply needs --force for them: ${listSome(unknown, maxNamed)}`,
    );
  }
  const withoutHash = [...cluster.users.values()].filter(({ hash }) => hash === undefined || hash.reveal() === '');
  if (withHashes && withoutHash.length > 0) {
    logger.warn(`the cluster returned no password hash for ${showNames(withoutHash.map(({ name }) => name))}`);
  }
}

export async function run({ withHashes = false }: ExportOptions, factory: Factory): Promise<Result<StateDocument>> {
  if (withHashes) checkHashOutput(factory);
  const cluster = await readCluster(factory);
  warnAboutOmissions(cluster, withHashes, factory);
  const probed = (await factory.settings()).rolesInUserRecords;
  const data = exportState(cluster, { withHashes, probed });
  if (data.leftOut > 0) {
    const hint = probed === 'unknown' ? ' To find out: kapadmin doctor --probe' : '';
    factory.logger.warn(`${leftOutSentence(data.leftOut)}${hint}`);
  }
  return { data, view };
}
