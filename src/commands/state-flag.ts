import type { Command } from 'commander';
import type { Factory } from '../cli/factory.js';
import type { FilesState } from './desired-state/load-state-files.js';

/** State files instead of a cluster. */
export interface StateFlag {
  readonly state?: readonly string[];
}

export function addStateFlag(command: Command): Command {
  return command.option('--state <file...>', 'read state files instead of the cluster; - is standard input');
}

/** The users and roles of the files of `--state`. What parses them is loaded for them alone. */
export async function readStateFlag(names: readonly string[], factory: Factory): Promise<FilesState> {
  return (await import('./desired-state/load-state-files.js')).readFilesState(names, factory);
}
