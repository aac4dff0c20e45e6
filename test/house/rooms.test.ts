import { describe, expect, it } from 'vitest';
import { readSource } from '../../.tools/directions/imports.mjs';
import { readSources } from '../../.tools/directions/sources.mjs';
import { nouns, words } from '../../src/commands/index.js';

const sources = readSources();

/** Words of a command -> its file: `user grant` is commands/user/grant.ts, `sandbox` is commands/sandbox.ts. */
const places = new Map([
  ...nouns
    .flatMap((group) => group.nouns)
    .flatMap((noun) =>
      noun.verbs.map((verb) => [`${noun.name} ${verb.name}`, `commands/${noun.name}/${verb.name}.ts`] as const),
    ),
  ...words.filter((word) => word.hidden !== true).map((word) => [word.name, `commands/${word.name}.ts`] as const),
]);

describe('the house', () => {
  it.each([...places])('%s is %s', (_, file) => {
    expect(readSource(file, sources.get(file) ?? '').exports).toEqual(expect.arrayContaining(['define', 'run']));
  });

  it('has no verb that no words reach', () => {
    const verbs = [...sources].filter(
      ([file, text]) => file.startsWith('commands/') && readSource(file, text).exports.includes('define'),
    );
    expect(verbs.map(([file]) => file).toSorted()).toEqual([...places.values()].toSorted());
  });
});
