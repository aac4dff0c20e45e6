import { afterAll, afterEach } from 'vitest';
import { formsOf } from '../../leak-tests/forms.js';

const secrets = new Map<string, readonly string[]>();
const outputs: { readonly words: string; readonly text: string; readonly shown: readonly string[] }[] = [];
let searched = 0;

/** From now on no output of this test file may hold this value, whatever its encoding. Returns it. */
export function registerSecret(value: string): string {
  if (value.length < 6) throw new Error(`a secret of ${value.length} characters would be found by chance`);
  secrets.set(value, formsOf(value));
  return value;
}

/** Keeps what a command printed for the search; `shown` are secrets that it was asked to print. */
export function recordOutput(words: string, text: string, shown: readonly string[] = []): void {
  outputs.push({ words, text, shown });
}

/** Each command that printed a registered secret. */
export function leaks(from = 0): string[] {
  return outputs
    .slice(from)
    .flatMap(({ words, text, shown }) =>
      [...secrets]
        .filter(([secret, forms]) => !shown.includes(secret) && forms.some((form) => text.includes(form)))
        .map(([secret]) => `${words} printed the secret that begins with ${secret.slice(0, 2)}`),
    );
}

export function forgetOutputs(): void {
  outputs.length = 0;
  searched = 0;
}

function refuse(found: readonly string[]): void {
  if (found.length > 0) throw new Error(found.join('\n'));
}

afterEach(() => {
  const from = searched;
  searched = outputs.length;
  refuse(leaks(from));
});

afterAll(() => refuse(leaks()));
