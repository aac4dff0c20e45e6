import { runTool, type ScriptOptions, type Scripted } from '../harness/shell.js';

interface Task {
  readonly name: string;
  readonly 'ansible.builtin.command': { readonly argv: readonly string[]; readonly stdin?: string };
  readonly register?: string;
  readonly changed_when?: boolean | string;
  readonly failed_when?: string;
  readonly when?: string;
}

export type Play = readonly {
  readonly environment: Readonly<Record<string, string>>;
  readonly tasks: readonly Task[];
}[];

type Registered = ReadonlyMap<string, Scripted>;

function resultOf(name: string, registered: Registered): Scripted {
  const result = registered.get(name);
  if (result === undefined) throw new Error(`no task registers ${name}`);
  return result;
}

/** The conditions that the page uses: `x.rc == 0`, `x.rc not in [0, 6]`, `'text' in x.stdout`. */
function holds(condition: boolean | string, registered: Registered): boolean {
  if (typeof condition === 'boolean') return condition;
  const [, text, of] = /^'(.*)' in (\w+)\.stdout$/.exec(condition) ?? [];
  if (text !== undefined && of !== undefined) return resultOf(of, registered).stdout.includes(text);
  const [, name = '', operator, value = ''] = /^(\w+)\.rc (==|not in) (.*)$/.exec(condition) ?? [];
  const codes = [JSON.parse(value) as number | number[]].flat();
  return codes.includes(resultOf(name, registered).code) === (operator === '==');
}

/** Runs the tasks as Ansible does; gives what became of each. Throws where one fails. */
export async function play(
  tasks: readonly Task[],
  variables: Readonly<Record<string, string>>,
  options: ScriptOptions,
): Promise<Record<string, 'changed' | 'ok' | 'skipped'>> {
  const registered = new Map<string, Scripted>();
  const ends: Record<string, 'changed' | 'ok' | 'skipped'> = {};
  for (const { name, 'ansible.builtin.command': command, register = '', when = true, ...task } of tasks) {
    if (!holds(when, registered)) {
      ends[name] = 'skipped';
      continue;
    }
    const [file = '', ...args] = command.argv;
    const stdin = command.stdin?.replace(/^\{\{ (\w+) \}\}$/, (_, variable: string) => variables[variable] ?? '');
    const ran = await runTool(file, args, { ...options, ...(stdin === undefined ? {} : { stdin }) });
    registered.set(register, ran);
    const failed = task.failed_when === undefined ? ran.code !== 0 : holds(task.failed_when, registered);
    if (failed) throw new Error(`${name} failed with ${ran.code}:\n${ran.stderr}`);
    ends[name] = holds(task.changed_when ?? true, registered) ? 'changed' : 'ok';
  }
  return ends;
}
