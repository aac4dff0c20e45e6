import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nouns, words } from '../../src/commands/index.js';
import { ownFlows, verbFlows } from './verbs/index.js';

/** A hidden word is asked by the scripts of `completion`, whose flows try it. */
const verbs = [
  ...nouns.flatMap((group) => group.nouns).flatMap((noun) => noun.verbs.map((verb) => `${noun.name} ${verb.name}`)),
  ...words.filter((word) => word.hidden !== true).map((word) => word.name),
];

describe('flows', () => {
  it('run every verb in a terminal, in a pipe and with -o json', () => {
    const covered = new Set([...verbFlows.map((flow) => flow.words), ...ownFlows.keys()]);
    expect(verbs.filter((verb) => !covered.has(verb))).toEqual([]);
    expect([...covered].filter((verb) => !verbs.includes(verb))).toEqual([]);
  });

  it.each([...ownFlows])('%s has all three ways in its own file', (_, file) => {
    const text = readFileSync(path.join(import.meta.dirname, file), 'utf8');
    for (const title of ["'in a pipe'", "'with -o json'", "'in a terminal'"]) expect(text).toContain(title);
  });
});
