/** How a file of variables is written: who reads it decides what quotes and words in it mean. */
export type EnvironmentForm = 'systemd' | 'docker' | 'compose' | 'unit';

export const environmentForms: readonly EnvironmentForm[] = ['systemd', 'docker', 'compose', 'unit'];

export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** Counts from 1. */
  readonly line: number;
}

/**
 * Why a line gives the daemon no variable: the word `export`, a name that no variable can have, control characters in
 * the value, no assignment at all, or a value that comes from the shell of docker.
 */
export type DropReason = 'export' | 'name' | 'control-characters' | 'no-assignment' | 'from-shell';

/** A line that names a variable of Kapacitor and gives the daemon none. */
export interface DroppedLine {
  /** The variable, as far as one can be told. */
  readonly name: string;
  readonly line: number;
  readonly why: DropReason;
}

/** The variables of a file as its reader takes them. */
export interface EnvironmentText {
  readonly form: EnvironmentForm;
  readonly assignments: readonly Assignment[];
  readonly dropped: readonly DroppedLine[];
}

/** Whether a process can have a variable of this name. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

const exported = /^export[ \t]+(?=[A-Za-z_])/;

/** What a name that no variable can have was meant to be, where it begins with the word `export`. */
export function withoutExport(name: string): string | undefined {
  return exported.test(name) ? name.replace(exported, '') : undefined;
}

/** The variable of Kapacitor that a line names; undefined where it names none. */
export function variableIn(text: string): string | undefined {
  return /kapacitor_\w{1,200}/i.exec(text)?.[0];
}
