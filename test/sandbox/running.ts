import type { Sandbox, SandboxOptions } from '../../src/sandbox/options.js';
import type { SandboxDependencies } from '../../src/sandbox/start.js';
import { afterEachTest } from '../cleanup.js';
import { startTestSandbox } from './start-test-sandbox.js';

const running: Sandbox[] = [];

afterEachTest(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
});

/** A sandbox on free ports at bcrypt cost 4, closed after the test. */
export async function sandbox(
  options: SandboxOptions = {},
  deps: Partial<SandboxDependencies> = {},
): Promise<Sandbox & { url: string }> {
  const started = await startTestSandbox({ port: 0, bcryptCost: 4, ...options }, deps);
  running.push(started);
  return { ...started, url: started.urls[0] ?? '' };
}
