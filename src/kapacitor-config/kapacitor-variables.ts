import { isDaemonVariable } from './fields.js';
import type { IgnoredLine, EnvironmentFormat, EnvironmentText, OtherFile } from './environment-formats.js';

const ofKapacitor = /^kapacitor/i;

/** Variables that start with `KAPACITOR`, in any case: those that the daemon reads, and others. */
export interface PartitionedVariables {
  readonly variables: ReadonlyMap<string, string>;
  readonly others: ReadonlyMap<string, string>;
}

export function partitionVariables(all: Iterable<readonly [name: string, value: string]>): PartitionedVariables {
  const ours = [...all].filter(([name]) => ofKapacitor.test(name));
  return {
    variables: new Map(ours.filter(([name]) => isDaemonVariable(name))),
    others: new Map(ours.filter(([name]) => !isDaemonVariable(name))),
  };
}

/** The variables that an environment file passes to the daemon. */
export interface KapacitorEnvironment extends PartitionedVariables {
  readonly form: EnvironmentFormat;
  /** The line of each variable. */
  readonly lines: ReadonlyMap<string, number>;
  readonly dropped: readonly IgnoredLine[];
  readonly otherFiles: readonly OtherFile[];
}

/** The variables of Kapacitor in a parsed file. */
export function toKapacitorEnvironment({
  form,
  assignments,
  dropped,
  otherFiles = [],
}: EnvironmentText): KapacitorEnvironment {
  return {
    ...partitionVariables(assignments.map(({ name, value }) => [name, value])),
    form,
    lines: new Map(assignments.map(({ name, line }) => [name, line])),
    dropped: dropped.filter(({ name }) => ofKapacitor.test(name)),
    otherFiles,
  };
}

/** A name on a line, and the variable to replace it with. */
export interface VariableRenaming {
  readonly line: number;
  readonly name: string;
  readonly to: string;
}

/** Replaces names on these lines, and removes the word `export` before them. */
export function renameVariables(text: string, renamings: readonly VariableRenaming[]): string {
  const lines = text.split('\n');
  for (const { line, name, to } of renamings) {
    const written = new RegExp(`(^|[\\s"'={,-])(?:export[ \\t]+)?${name.replaceAll('.', '\\.')}(?=["']?[ \\t]*[=:])`);
    lines[line - 1] = (lines[line - 1] ?? '').replace(written, (_, before: string) => `${before}${to}`);
  }
  return lines.join('\n');
}
