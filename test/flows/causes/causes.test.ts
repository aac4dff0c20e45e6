import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../../.tools/fresh.mjs';
import { byCredentials } from './by-credentials.js';
import { byFile, byMeta } from './by-meta.js';
import { byRights } from './by-rights.js';
import { byUser } from './by-user.js';
import { follow, type Cause } from './cause.js';
import { johns, onStage } from './stage.js';

const all: readonly Cause[] = [...byCredentials, ...byUser, ...byRights, ...byMeta, ...byFile];

beforeAll(() => ensureBuilt());

describe('a refusal is found by its cause, and fixed by what is printed', () => {
  it.each(all)('$cause', ({ setup, request, refused, before, finds, names, fix }) =>
    onStage(setup, async (stage) => {
      await stage.restart();
      await before?.(stage);
      if (refused !== undefined) expect(await stage.ask(request)).toBe(refused);
      const { output } = await stage.run(finds(stage), request.password ?? johns);
      for (const name of names) expect(output).toMatch(name);
      const right = (await fix?.(stage, output)) ?? (await follow(stage, output, request));
      expect(await stage.ask(right)).toBeLessThan(300);
    }),
  );
});
