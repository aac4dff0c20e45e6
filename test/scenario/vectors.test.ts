import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import bcrypt from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { bcryptDigest } from '../../src/auth-engine/bcrypt-digest.js';
import { Secret } from '../../src/model/secret.js';
import { parseScenario } from '../../src/scenario/load.js';
import { playScenario, type PlayTools } from '../../src/scenario/play.js';
import { whole, type Vector } from './vector.js';

const folder = path.join(import.meta.dirname, '../vectors');
const tools: PlayTools = {
  bcrypt: bcryptDigest,
  hash: (password) => new Secret(bcrypt.hashSync(password.reveal(), '$2a$04$abcdefghijklmnopqrstuu')),
  file: () => Promise.resolve({ error: 'no such file or directory' }),
  now: () => 0,
};

describe('the measured scenarios', () => {
  for (const file of readdirSync(folder).sort()) {
    it(`${file}: every expectation holds`, async () => {
      const value = whole(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Vector);
      const played = await playScenario(
        await parseScenario(value, file, () => Promise.reject(new Error('no file'))),
        tools,
      );
      const wrong = played.steps.filter((step) => step.mismatches.length > 0);
      expect(wrong.slice(0, 3).map(({ at, request, mismatches }) => ({ at, request, mismatches }))).toEqual([]);
      expect(played.mismatches).toEqual([]);
      expect(played.passed).toBe(true);
    });
  }
});
