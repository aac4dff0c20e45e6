import { checkHere } from '../../../kapacitor-config/tls-files.js';
import { encodeFile } from '../../../kapacitor-config/toml/encoding.js';
import { readConfiguration } from '../../../kapacitor-config/read.js';
import { wholeFileFaults } from '../../../kapacitor-config/other-sections.js';
import {
  kapacitorEnvironment,
  readEnvironmentLines,
  renameVariables,
  type Renaming,
} from '../../../kapacitor-config/environment-file.js';
import type { ConfigInput, TlsFiles } from './input.js';

/** From lines of a text that edits made to those of the text before. */
export type LineMap = (line: number) => number;

export const sameLine: LineMap = (line) => line;

/** The input with another text of the file; its lines are told as `lineAsRead` has them. */
export function withText(input: ConfigInput, text: string, lineAsRead: LineMap = sameLine): ConfigInput {
  return { ...input, file: input.file && { ...input.file, content: encodeFile(text), lineAsRead } };
}

/** The input with other values of variables, and without one that the daemon does not read. */
export function withVariables(input: ConfigInput, set: ReadonlyMap<string, string>, without?: string): ConfigInput {
  const variables = new Map([...input.environment.variables, ...set]);
  const others = new Map([...input.environment.others].filter(([name]) => name !== without));
  return { ...input, environment: { ...input.environment, variables, others } };
}

/** The input with other names in the file of variables; that of compose is not read again. */
export function renamed(input: ConfigInput, renamings: readonly Renaming[]): ConfigInput {
  const { environment } = input;
  const { file } = environment;
  if (file === undefined) return input;
  const text = renameVariables(file.text, renamings);
  if (file.form === 'compose') {
    const isRenamed = (name: string): boolean => renamings.some((one) => one.name === name);
    const given = environment.dropped.filter(({ name, value }) => value !== undefined && isRenamed(name));
    const dropped = environment.dropped.filter((one) => !given.includes(one));
    let now: ConfigInput = { ...input, environment: { ...environment, dropped, file: { ...file, text } } };
    for (const { name, to } of renamings) {
      const value = given.find((one) => one.name === name)?.value?.reveal() ?? environment.others.get(name);
      now = withVariables(now, new Map([[to, value ?? '']]), name);
    }
    return now;
  }
  const { lines, ...read } = kapacitorEnvironment(readEnvironmentLines(text, file.form));
  return { ...input, environment: { ...environment, ...read, file: { ...file, lines, text } } };
}

/** Whether the daemon starts with a configuration, as far as it is judged. */
export function starts({ file, environment: { variables }, version }: ConfigInput, tlsFiles: TlsFiles): boolean {
  const content = file?.content ?? '';
  const reading = readConfiguration(content, variables, version);
  return (
    reading.starts &&
    checkHere(reading.configuration, tlsFiles).starts &&
    (file === undefined || wholeFileFaults(content, variables).length === 0)
  );
}
