import { commandsIn, setLine, settingsIn } from './conf.js';
import { paste } from './shell.js';
import { johns, type Request, type Setup, type Stage } from './stage.js';

/** A cause of a 401 or 403, set up, found by a command, and mended by what that command prints. */
export interface Cause {
  readonly cause: string;
  readonly setup: Setup;
  /** What is refused, and answered 200 or 204 in the end. */
  readonly request: Request;
  /** The status before; undefined where Kapacitor would ask for 10 s before it gives it. */
  readonly refused?: number;
  /** The command that finds the cause; its stdin is the password of the request. */
  finds(stage: Stage): readonly string[];
  /** What it says, in all its output. */
  readonly names: readonly (string | RegExp)[];
  /** Where the printed lines are not all to be followed, or are no commands and settings. Gives the request that is right. */
  fix?(stage: Stage, output: string): Promise<Request | undefined>;
  /** What is done before, once the stage is set and Kapacitor runs. */
  before?(stage: Stage): Promise<void>;
}

/** The login test of a request, by the configuration of Kapacitor. */
export function authTest({ method, path, user, header }: Request): readonly string[] {
  return [
    'auth',
    'test',
    '--url',
    `http://localhost:9092${path}`,
    ...(method === undefined ? [] : ['--method', method]),
    ...(user === undefined ? [] : ['--user', user, '--password-stdin']),
    ...(header === undefined ? [] : ['--header', header.join(': ')]),
  ];
}

/** Sets a line in the file of Kapacitor; `password` stands in for the words that say where it comes from. */
function apply(stage: Stage, section: string, line: string, password: string): void {
  stage.change((text) => setLine(text, section, line.replace('THE PASSWORD THAT IT PRINTED', password)));
}

/** Follows the printed lines: first the commands, then the settings; then Kapacitor starts anew. */
export async function follow(stage: Stage, output: string, request: Request): Promise<Request> {
  const typed = 'typed-0n-the-terminal';
  const passwords = new Map<string, string>();
  for (const line of commandsIn(output)) {
    const password = await paste(line, stage, typed);
    const [, name = ''] = /^kapadmin user (?:passwd|create) (\S+)/.exec(line) ?? [];
    if (password !== undefined) passwords.set(name, password);
  }
  const last = [...passwords.values()].at(-1) ?? typed;
  for (const { section, line } of settingsIn(output)) apply(stage, section, line, last);
  await stage.restart();
  return { ...request, password: passwords.get(request.user ?? '') ?? request.password ?? johns };
}
