import type { Mismatch } from '../../scenario/expectations.js';
import type { PlayedScenario, PlayedStep } from '../../scenario/play.js';
import type { JunitSuite } from '../formats/junit.js';
import { type Style, styled, type Text } from '../style.js';
import { requestName, traceJson } from './auth-test.js';
import type { View } from '../view.js';

function value(of: unknown): string {
  return JSON.stringify(of) ?? 'nothing';
}

function mismatchLines({ key, expected, actual }: Mismatch): string[] {
  return [key, `  expected  ${value(expected)}`, `  actual    ${value(actual)}`];
}

function outcome(step: PlayedStep): string {
  const status = step.status === null ? '' : ` ${step.status}`;
  const what = step.message ?? step.location;
  return `${step.verdict}${status}${what === null ? '' : ` ${what}`}`;
}

function stepLines(step: PlayedStep, { color }: Style): Text[] {
  const failed = step.mismatches.length > 0;
  const mark = failed ? color.red('✖') : color.dim('·');
  const { at, request, user } = step;
  const mismatchTexts = step.mismatches.flatMap(mismatchLines).map((line) => `       ${line}`);
  return [styled`   ${mark} ${requestName({ at, ...request, user })}: ${outcome(step)}`, ...mismatchTexts];
}

function scenarioLines(scenario: PlayedScenario, style: Style): Text[] {
  const { color } = style;
  const mark = scenario.passed === null ? '·' : scenario.passed ? color.green('✔') : color.red('✖');
  const version = scenario.isVersionShown ? ` (Kapacitor ${scenario.version})` : '';
  const ended = scenario.starts ? '' : `: Kapacitor does not start: ${scenario.message ?? ''}`;
  const shown = scenario.passed === true ? [] : scenario.steps.flatMap((step) => stepLines(step, style));
  const mismatchTexts = scenario.mismatches.flatMap(mismatchLines).map((line) => `     ${line}`);
  return [styled` ${mark} ${scenario.name}${version}${ended}`, ...mismatchTexts, ...shown];
}

function summary(scenarios: readonly PlayedScenario[]): string {
  const count = (passed: boolean | null): number => scenarios.filter((scenario) => scenario.passed === passed).length;
  const silent = count(null) === 0 ? '' : `, ${count(null)} without expectations`;
  return `${count(true)} passed, ${count(false)} failed${silent}`;
}

function failureOf(mismatches: readonly Mismatch[]): { failure: readonly string[] } | object {
  return mismatches.length === 0 ? {} : { failure: mismatches.flatMap(mismatchLines) };
}

/**
 * @param lack why the scenario proves nothing, if that is a failure
 */
function suite(scenario: PlayedScenario, lack: string | undefined): JunitSuite {
  const start = { name: 'Kapacitor starts', ...failureOf(scenario.mismatches) };
  const steps = scenario.steps.map(({ at, request, user, milliseconds, mismatches }, i) => {
    return { name: `#${i + 1} ${requestName({ at, ...request, user })}`, milliseconds, ...failureOf(mismatches) };
  });
  const expects = lack === undefined ? [] : [{ name: 'The scenario expects something', failure: [lack] }];
  return { name: scenario.name, cases: [start, ...steps, ...expects] };
}

function stepJson(step: PlayedStep): object {
  const { at, request, user, verdict, status, message, location, metaRequests, retriedUntilTimeout } = step;
  const result = { verdict, status, message, location, metaRequests, retriedUntilTimeout };
  return { at, request, user, ...result, trace: traceJson(step.trace), mismatches: step.mismatches };
}

/** The scenarios that were played: a line each, the steps of those that failed; JSON as docs/scenarios.md says. */
export const scenariosView: View<readonly PlayedScenario[]> = {
  text: (scenarios, style) => [...scenarios.flatMap((scenario) => scenarioLines(scenario, style)), summary(scenarios)],
  json: (scenarios) => ({
    scenarios: scenarios.map(({ name, version, starts, passed, message, mismatches, steps }) => ({
      name,
      version,
      starts,
      passed,
      ...(message === null ? {} : { message }),
      ...(mismatches.length === 0 ? {} : { mismatches }),
      steps: steps.map(stepJson),
    })),
  }),
  extra: { junit: (scenarios) => scenarios.map((scenario) => suite(scenario, undefined)) },
};

/** As `scenariosView`, with scenarios that prove nothing failed: with --strict. */
export function strictScenariosView(lacks: ReadonlyMap<PlayedScenario, string>): typeof scenariosView {
  const junit = (scenarios: readonly PlayedScenario[]) =>
    scenarios.map((scenario) => suite(scenario, lacks.get(scenario)));
  return { ...scenariosView, extra: { junit } };
}
