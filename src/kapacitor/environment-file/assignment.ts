import type { Secret } from '../../model/secret.js';

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
  /** What the variable would be, of a file that is not read a second time. */
  readonly value?: Secret;
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

/** The variable of Kapacitor that a line names; undefined where it names none. */
export function variableIn(text: string): string | undefined {
  return /kapacitor_\w[\w-]{0,199}/i.exec(text)?.[0];
}

/** Why an assignment to a name that no variable can have is dropped; undefined where it names no variable of Kapacitor. */
export function droppedByName(name: string, line: number): DroppedLine | undefined {
  const bare = name.replace(exported, '');
  if (isVariableName(bare)) return { name: bare, line, why: 'export' };
  const variable = variableIn(bare);
  if (variable === undefined) return undefined;
  // A word before the variable makes the line something else, such as a line of a Dockerfile or of YAML.
  const isWord = /^[\w.-]*$/.test(bare);
  return isWord ? { name: bare, line, why: 'name' } : { name: variable, line, why: 'no-assignment' };
}
