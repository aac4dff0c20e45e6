import { files } from '../../src/files/files.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/options.js';
import { startSandbox, type SandboxDependencies } from '../../src/sandbox/start.js';

/** A sandbox of this process with the real files and clock. The caller closes it. */
export function startTestSandbox(options: SandboxOptions, given: Partial<SandboxDependencies> = {}): Promise<Sandbox> {
  const stop = new AbortController().signal;
  return startSandbox(options, { files, now: () => Date.now(), stop, dataFailed: () => {}, ...given });
}
