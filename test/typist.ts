import { PassThrough } from 'node:stream';
import { expect, vi } from 'vitest';
import type { TestContext } from './context.js';

/** Someone at the terminal of one command, who answers questions in their order. */
export interface Typist {
  readonly stdin: PassThrough;
  /** Types each text when what stands before it was shown, after the answer before. */
  play(context: TestContext, lines: readonly (readonly [question: string | RegExp, keys: string])[]): Promise<void>;
}

export function makeTypist(): Typist {
  const stdin = new PassThrough();
  let from = 0;
  return {
    stdin,
    async play(context, lines) {
      for (const [question, keys] of lines) {
        const shown = (): string => context.stderr().slice(from);
        await vi.waitFor(() => expect(shown()).toMatch(question), { timeout: 5000, interval: 5 });
        from = context.stderr().length;
        stdin.write(keys);
      }
    },
  };
}
