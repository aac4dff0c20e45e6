import type { DifferenceId } from '../../model/kapacitor-versions.js';
import type { OpenQuestionId } from '../../model/open-questions.js';

/**
 * How a rule is known: measured on a daemon by a scenario; read in the source or the documentation, but not measured;
 * or assumed, because kapadmin cannot see what decides.
 */
export type Grade = 'measured' | 'documented' | 'assumed';

/** Where a rule is defined: in Kapacitor or in one of its libraries. */
export interface RuleSource {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  /** Absent for constants and tables. */
  readonly function?: string;
}

/** What is known of a rule of the engine, without its id. */
export interface RuleRecord {
  readonly title: string;
  /** The rule, as docs/how-kapacitor-decides.md prints it. */
  readonly text: string;
  readonly grade: Grade;
  readonly sources: readonly RuleSource[];
  /** Scenarios in test/vectors of which a step passes through the rule. */
  readonly vectors: readonly string[];
  /** The differences between releases that change it. */
  readonly differences?: readonly DifferenceId[];
  /** What is unknown outside InfluxData and decides the rule's effect. */
  readonly open?: readonly OpenQuestionId[];
}

function sourceOf(project: string, version: string) {
  return (file: string, ...functions: readonly string[]): readonly RuleSource[] => {
    if (functions.length === 0) return [{ project, version, file }];
    return functions.map((name) => ({ project, version, file, function: name }));
  };
}

export const kapacitor = sourceOf('kapacitor', '1.8.3');
export const go = sourceOf('go', '1.25');
export const jwt = sourceOf('golang-jwt', '4.5.2');
export const crypto = sourceOf('golang.org/x/crypto', '0.45.0');
export const influxdb = sourceOf('influxdb', '1.9.6');
