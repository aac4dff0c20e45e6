import { run } from '../src/cli/run.js';
import { makeTestContext, type TestOptions } from './context.js';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export async function runLine(argv: readonly string[], options: TestOptions = {}): Promise<Ran> {
  const context = makeTestContext(options);
  const code = await run(argv, context);
  return { code, stdout: context.stdout(), stderr: context.stderr() };
}
