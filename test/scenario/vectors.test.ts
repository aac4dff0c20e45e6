import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import bcrypt from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { bcryptDigest } from '../../src/auth-engine/compute-bcrypt.js';
import { engineRules } from '../../src/auth-engine/rules/registry.js';
import { Secret } from '../../src/model/secret.js';
import { parseScenario } from '../../src/scenario/load.js';
import { type PlayedScenario, playScenario, type PlayTools } from '../../src/scenario/play.js';
import { whole, type Vector } from './vector.js';

const folder = path.join(import.meta.dirname, '../vectors');
const tools: PlayTools = {
  bcrypt: bcryptDigest,
  hash: (password) => new Secret(bcrypt.hashSync(password.reveal(), '$2a$04$abcdefghijklmnopqrstuu')),
  file: () => Promise.resolve({ error: 'no such file or directory' }),
  now: () => 0,
};

const names = readdirSync(folder).sort();
const plays = new Map<string, Promise<PlayedScenario>>();

/** Plays a vector once for all tests of this file. */
function play(file: string): Promise<PlayedScenario> {
  const played = plays.get(file) ?? playFile(file);
  plays.set(file, played);
  return played;
}

async function playFile(file: string): Promise<PlayedScenario> {
  const value = whole(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Vector);
  return playScenario(await parseScenario(value, file, () => Promise.reject(new Error('no file'))), tools);
}

describe('the measured scenarios', () => {
  for (const file of names) {
    it(`${file}: every expectation holds`, async () => {
      const played = await play(file);
      const wrong = played.steps.filter((step) => step.mismatches.length > 0);
      expect(wrong.slice(0, 3).map(({ at, request, mismatches }) => ({ at, request, mismatches }))).toEqual([]);
      expect(played.mismatches).toEqual([]);
      expect(played.passed).toBe(true);
    });
  }
});

/** The vectors of which a step passes through each rule and does not depend on an assumption. */
async function measuredRules(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  for (const file of names) {
    const { steps } = await play(file);
    for (const step of steps.flatMap(({ trace }) => trace)) {
      if ('assumes' in step && step.assumes !== undefined) continue;
      found.set(step.rule, (found.get(step.rule) ?? new Set()).add(path.basename(file, '.json')));
    }
  }
  return found;
}

describe('the records of rules', async () => {
  const measured = await measuredRules();

  it.each([...engineRules.values()])('$id: its vectors pass through it', ({ id, vectors }) => {
    expect(vectors.filter((name) => measured.get(id)?.has(name) !== true)).toEqual([]);
    expect(new Set(vectors).size).toBe(vectors.length);
  });

  it('are measured where a vector passes through the rule, and only there', () => {
    const graded = [...engineRules.values()].filter(({ grade }) => grade === 'measured');
    expect(graded.map(({ id }) => id).toSorted()).toEqual([...measured.keys()].toSorted());
    expect(graded.filter(({ vectors }) => vectors.length === 0)).toEqual([]);
  });
});
