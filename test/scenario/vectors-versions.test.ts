import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlayTools, playScenario } from '../../src/scenario/play.js';
import { systemClock } from '../../src/meta/client.js';
import { files } from '../../src/files/files.js';
import { parseScenario } from '../../src/scenario/load.js';
import { type Vector, whole } from './vector.js';

const lines = readFileSync(path.join(import.meta.dirname, '../vectors-versions.jsonl'), 'utf8')
  .trimEnd()
  .split('\n');
const vectors = lines.map((line) => JSON.parse(line) as Vector);
const tools = createPlayTools({ files, clock: systemClock });

describe('the scenarios measured on older daemons', () => {
  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    '%s: every expectation holds',
    async (name, value) => {
      const played = await playScenario(
        await parseScenario(whole(value), name, () => Promise.reject(new Error('no file'))),
        tools,
      );
      const wrong = played.steps.filter((step) => step.mismatches.length > 0);
      expect(wrong.slice(0, 3).map(({ at, request, mismatches }) => ({ at, request, mismatches }))).toEqual([]);
      expect(played.mismatches).toEqual([]);
      expect(played.passed).toBe(true);
    },
  );
});
