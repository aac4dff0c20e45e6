import type { Command } from 'commander';
import type { Deps } from '../../deps.js';
import { usageError } from '../../errors.js';
import { scenariosView } from '../../output/views/scenarios.js';
import type { Result } from '../../output/view.js';
import { loadScenario } from '../../scenario/load.js';
import { play, type PlayedScenario } from '../../scenario/play.js';
import { makeTools } from '../../scenario/tools.js';

export const formats = ['junit'] as const;

export interface Options {
  readonly scenario?: readonly string[];
}

export function define(command: Command, act: (options: Options) => Promise<void>): void {
  command
    .option('--scenario <file...>', 'play scenario files offline, in virtual time')
    .addHelpText('after', '\nExamples:\n  kapadmin auth test --scenario access.yaml')
    .action((options: Options) => act(options));
}

export async function run(options: Options, deps: Deps): Promise<Result<readonly PlayedScenario[]>> {
  if (options.scenario === undefined) throw usageError('no-request', 'give --scenario FILE or --url URL');
  const { files } = deps.context;
  const scenarios = [];
  for (const file of options.scenario) scenarios.push(await loadScenario(file, files));
  const tools = await makeTools(files);
  const played: PlayedScenario[] = [];
  for (const scenario of scenarios) played.push(await play(scenario, tools));
  const failed = played.some((scenario) => scenario.passed === false);
  return { data: played, view: scenariosView, ...(failed ? { end: 'no' as const } : {}) };
}
