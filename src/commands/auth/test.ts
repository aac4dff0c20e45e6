import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import type { Result } from '../../output/view.js';
import { addPasswordFlags } from '../../settings/password-flags.js';
import { addKapacitorFlags } from '../../settings/locate-kapacitor-conf.js';
import { addKapacitorVersionFlag } from '../../settings/kapacitor-version.js';
import type { RequestFlags } from './test-url.js';

export const formats = ['junit'] as const;

interface TestOptions extends RequestFlags {
  readonly scenario?: readonly string[];
  readonly strict?: boolean;
}

/** All that a first login test needs; the others follow in the help. */
const mainFlags: ReadonlySet<string> = new Set([
  '--url',
  '--user',
  '--password-stdin',
  '--password-file',
  '--password-env',
  '--password',
  '--kapacitor-conf',
]);

const examples = `
Examples:
  kapadmin auth test --url http://localhost:9092/kapacitor/v1/tasks --user johndoe --password-stdin
  kapadmin auth test --url http://localhost:9092 --user johndoe --password-file pw   # the standard endpoints
  kapadmin auth test --scenario access.yaml -o junit`;

export function define(command: Command, action: (options: TestOptions) => Promise<void>): void {
  command
    .option('--url <url>', 'URL of Kapacitor or of an endpoint (default KAPACITOR_URL)')
    .option('--user <name>', 'user who logs in')
    .option('--method <method>', 'HTTP method (GET)')
    .option('--header <line...>', 'HTTP header, "Name: value"')
    .option('--token-file <file>', 'read a bearer token from a file');
  addPasswordFlags(command, "the user's password");
  command
    .option('--at <times>', 'repeat the request at these times after the start, such as 0s,5m,11m')
    .option('--live', 'also send the request to Kapacitor and compare (GET, HEAD, OPTIONS)')
    .option('--live-any-method', 'with --live: allow methods that may change something')
    .option('--live-ca <file>', 'with --live: CA certificates of Kapacitor (PEM)')
    .option('--record <file>', 'save a scenario that replays the request, with secrets replaced (.yaml or .json)')
    .option('--scenario <file...>', 'run scenario files offline')
    .option('--strict', 'with --scenario: fail files that check nothing (exit 1)');
  addKapacitorFlags(command);
  addKapacitorVersionFlag(command);
  for (const option of command.options) {
    option.helpGroup(mainFlags.has(option.long ?? '') ? 'The login:' : 'Rarely needed:');
  }
  command
    .optionsGroup('Rarely needed:')
    .addHelpText('after', examples)
    .action((options: TestOptions) => action(options));
}

export async function run(options: TestOptions, factory: Factory): Promise<Result<unknown>> {
  if (options.scenario === undefined) {
    if (options.strict === true) throw usageError('no-scenario', '--strict requires --scenario');
    return (await import('./test-url.js')).testUrl(options, factory);
  }
  const { record, live } = options;
  const conflicting = record !== undefined ? '--record' : live === true ? '--live' : undefined;
  if (conflicting !== undefined) throw usageError('two-requests', `${conflicting} cannot be combined with --scenario`);
  if (options.url === undefined) {
    return (await import('./test-scenarios.js')).testScenarios(options.scenario, options, factory);
  }
  throw usageError('two-requests', '--scenario and --url cannot be combined', 'Use one of them.');
}
