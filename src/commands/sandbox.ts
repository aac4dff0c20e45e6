import type { Command } from 'commander';
import type { Deps } from '../cli/factory.js';
import { stopKind } from '../errors.js';
import { commandLine, exportLine, ShellCommand } from '../model/shell-command.js';
import type { Result, View } from '../output/view.js';
import type { StartFront } from '../sandbox/options.js';
import { declareSandboxFlags, frontOptions, sandboxOptions, type Options } from './sandbox-flags.js';

interface Ready {
  readonly meta: readonly string[];
  readonly kapacitor: string | null;
  readonly username: string | null;
  readonly ca: string | undefined;
  /** Whether it asks for credentials. */
  readonly auth: boolean;
}

const view: View<Ready> = {
  oneLine: true,
  text({ meta, kapacitor, username, ca, auth }, { color }) {
    const settings = exportLine(
      { variable: 'KAPADMIN_META_URL', value: meta.join(',') },
      ...(username === null || !auth ? [] : [{ variable: 'KAPADMIN_META_USERNAME', value: username }]),
      ...(ca === undefined ? [] : [{ variable: 'KAPADMIN_META_CA', value: ca }]),
    );
    const tasks = `${kapacitor ?? ''}/kapacitor/v1/tasks`;
    const nodes = meta.length === 1 ? 'Meta node' : `${meta.length} meta nodes`;
    const account = username === null ? 'no account yet' : `account ${username}`;
    return [
      color.bold(`${nodes}: ${meta.join(' ')} (${auth ? account : 'asks for no credentials'})`),
      ...(kapacitor === null ? [] : [color.bold(`Kapacitor: ${kapacitor}`)]),
      '',
      'Try next, in another terminal:',
      `  ${settings}`,
      ...(username === null || !auth
        ? []
        : ['  export KAPADMIN_META_PASSWORD=...   # kapadmin sandbox --help tells it']),
      ...(username === null ? ['  kapadmin bootstrap admin'] : []),
      '  kapadmin user create johndoe',
      '  kapadmin user grant johndoe KapacitorAPI',
      '  kapadmin user list',
      ...(kapacitor === null
        ? []
        : [
            `  ${commandLine('kapadmin auth test', [], ['--user', 'johndoe', '--url', tasks])}`,
            `  ${new ShellCommand(['curl', '-u', 'johndoe', tasks])}`,
          ]),
      '',
      'Ctrl-C ends it.',
    ];
  },
  json: ({ meta, kapacitor, username, ca }) => ({ meta, kapacitor, username, ...(ca === undefined ? {} : { ca }) }),
};

export function define(command: Command, act: (options: Options) => Promise<void>): void {
  declareSandboxFlags(command)
    .addHelpText(
      'after',
      `
The account is admin with the password changeit, unless --seed names another; it
may do everything. Everything listens on 127.0.0.1 only. The Kapacitor holds no
tasks and authenticates as the daemon does. No variable changes its
kapacitor.conf, and a meta-addr on another machine stands for the first node.
Requests that a web page of another site sends, or that name another host, are
refused with 403. One sandbox at a time uses a --data file.
SIGUSR2 makes the next node the leader. It runs until a signal ends it, cleanly:
exit 130 after Ctrl-C, 143 after SIGTERM.

Examples:
  kapadmin sandbox
  kapadmin sandbox --port 0 -o json --seed access.yaml --bcrypt-cost 4
  kapadmin sandbox --kapacitor-conf ./kapacitor.conf
  kapadmin sandbox --nodes 3 --lag 500ms --elect-every 10s
  kapadmin sandbox --nodes 3 --kill-every 5s
  kapadmin sandbox --fault reset=0.1,503=0.1,delay=200ms --fault-seed 7`,
    )
    .action((options: Options) => act(options));
}

async function frontOf(options: Options, deps: Deps): Promise<StartFront | undefined> {
  const { context } = deps;
  const wanted = await frontOptions(options, deps);
  if (wanted === undefined) return undefined;
  const { startFront } = await import('../sandbox/front/start.js');
  const { fileFact } = await import('../files/file-fact.js');
  const read = (path: string) => fileFact(context.files, path);
  return (meta, guard) => startFront(wanted, meta, { read, clock: context.clock }, guard);
}

export async function run(options: Options, deps: Deps): Promise<Result<Ready>> {
  const { context, notes } = deps;
  const wanted = await sandboxOptions(options, deps);
  const front = await frontOf(options, deps);
  const { startSandbox } = await import('../sandbox/start.js');
  const sandbox = await startSandbox(wanted, {
    files: context.files,
    now: () => context.clock.now(),
    stop: context.stop,
    dataFailed: (error) => notes.warn(error instanceof Error ? error.message : String(error)),
    ...(front === undefined ? {} : { front }),
  });
  context.onUserSignal?.(() => {
    sandbox.elect();
  });
  const { urls: meta, kapacitorUrl: kapacitor, username, caPath: ca } = sandbox;
  return {
    data: { meta, kapacitor, username, ca, auth: options.auth },
    view,
    async stay() {
      await stopped(context.stop);
      await sandbox.close();
      const kept = wanted.dataFile === undefined ? 'nothing of it is kept' : `its state is in ${wanted.dataFile}`;
      notes.note(`The sandbox has ended; ${kept}.`);
      return stopKind(context.stop.reason);
    },
  };
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
