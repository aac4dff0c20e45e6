import type { Factory } from '../../cli/factory.js';
import type { Result } from '../../output/view.js';
import { scenariosView, strictScenariosView } from '../../output/views/scenarios.js';
import { loadScenario } from '../../scenario/load.js';
import { createPlayTools, type PlayedScenario, playScenario } from '../../scenario/play.js';
import type { Scenario } from '../../scenario/scenario.js';
import {
  type KapacitorVersionFlag,
  parseVersionFlag,
  resolveKapacitorVersion,
} from '../../settings/kapacitor-version.js';

/** Why playing a scenario proves nothing. */
function emptyScenarioReason({ steps, expect }: Scenario): string | undefined {
  const isEmpty = (value: object | undefined): boolean => value === undefined || Object.keys(value).length === 0;
  if (!isEmpty(expect) || steps.some((step) => !isEmpty(step.expect))) return undefined;
  return steps.length === 0
    ? 'no steps: nothing is run. Add steps.'
    : 'no expectations: nothing is checked. Add expect to a step.';
}

/** The flag counts before what a file says; the environment and the profile count where it says nothing. */
async function withVersion(scenario: Scenario, options: KapacitorVersionFlag, factory: Factory): Promise<Scenario> {
  const version = parseVersionFlag(options) ?? scenario.version ?? (await resolveKapacitorVersion(options, factory));
  return { ...scenario, version };
}

/** `auth test --scenario`. */
export async function testScenarios(
  files: readonly string[],
  options: KapacitorVersionFlag & { readonly strict?: boolean },
  factory: Factory,
): Promise<Result<readonly PlayedScenario[]>> {
  const scenarios: { readonly scenario: Scenario; readonly reason: string | undefined }[] = [];
  for (const file of files) {
    const scenario = await withVersion(await loadScenario(file, factory.context), options, factory);
    const reason = emptyScenarioReason(scenario);
    if (reason !== undefined) factory.logger.warn(`${file}: ${reason}`);
    scenarios.push({ scenario, reason });
  }
  const tools = createPlayTools(factory.context);
  const played: PlayedScenario[] = [];
  const lacks = new Map<PlayedScenario, string>();
  for (const { scenario, reason } of scenarios) {
    const one = await playScenario(scenario, tools);
    played.push(one);
    if (reason !== undefined && options.strict === true) lacks.set(one, reason);
  }
  const failed = played.some((scenario) => scenario.passed === false) || lacks.size > 0;
  const view = lacks.size > 0 ? strictScenariosView(lacks) : scenariosView;
  return { data: played, view, ...(failed ? { end: 'no' as const } : {}) };
}
