import { formOf } from '../../../kapacitor/environment-file/index.js';
import { commandLine } from '../../../model/shell-command.js';
import type { Mend } from '../../login/explanation.js';
import { setField, type Edit } from './edit.js';
import { fieldOf, isFromEnvironment, variableFor, type ConfigFacts, type SettingName } from './facts.js';
import type { ConfigInput } from './input.js';

/** The file in words. */
export function fileName({ file }: ConfigInput): string {
  return file === undefined ? 'kapacitor.conf' : file.path;
}

/** A literal as it stands behind `=` in an environment file. */
function unquoted(literal: string): string {
  return literal.replace(/^"(.*)"$/s, '$1');
}

/** To set a field to a value, in TOML: in the file, or by its variable where that decides. */
export function setMend(facts: ConfigFacts, name: SettingName, literal: string): Mend {
  if (isFromEnvironment(facts, name)) {
    const where = facts.input.environment.from;
    return { what: `Set in ${where}`, setting: `${variableFor(name)}=${unquoted(literal)}` };
  }
  const { key } = fieldOf(name);
  return { what: `Set below [${name[0]}] in ${fileName(facts.input)}`, setting: `${key} = ${literal}` };
}

/** To set several fields of one section together: those of the file in one fix, those of variables each on its own. */
export function setMends(facts: ConfigFacts, all: readonly (readonly [SettingName, string])[]): readonly Mend[] {
  const ofFile = all
    .filter(([name]) => !isFromEnvironment(facts, name))
    .map(([name, literal]) => setMend(facts, name, literal));
  const others = all
    .filter(([name]) => isFromEnvironment(facts, name))
    .map(([name, literal]) => setMend(facts, name, literal));
  const [first, ...more] = ofFile;
  if (first === undefined) return others;
  if (more.length === 0) return [first, ...others];
  const setting = ofFile.map((one) => one.setting).join('\n');
  return [{ what: `${first.what}, all of them`, setting }, ...others];
}

/** The flags that read the same file of variables in the same way. */
function environmentFlags({ file, from }: ConfigInput['environment']): readonly string[] {
  if (file === undefined) return [];
  return ['--env-file', from, ...(file.form === formOf(file.text) ? [] : ['--env-format', file.form])];
}

/** To let `config fix` do it, with the same environment. */
export function fixMend({ file, environment }: ConfigInput): Mend | undefined {
  if (file === undefined) return undefined;
  const { from } = environment;
  const flags = from === '--no-env' ? [from] : environmentFlags(environment);
  const command = commandLine('kapadmin config fix --write', [file.path], flags);
  return { what: 'To fix it', command };
}

/** The edits that set a field; undefined where a variable decides it, or where the place in the file is not plain. */
export function editsFor(facts: ConfigFacts, name: SettingName, literal: string): readonly Edit[] | undefined {
  return isFromEnvironment(facts, name) ? undefined : setField(facts.file, name[0], fieldOf(name), literal);
}
