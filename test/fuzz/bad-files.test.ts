import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filePlaces } from './file-places.js';
import { fileRules } from './file-rules.js';
import { stillMeta, type StillMeta } from './meta.js';
import { tryFiles } from './try-files.js';

let meta: StillMeta;
beforeAll(async () => void (meta = await stillMeta()));
afterAll(() => meta.close());

describe('bad files', () => {
  it('have a rule for every place, and no other', () => {
    expect([...fileRules.keys()].toSorted()).toEqual(filePlaces.map(({ name }) => name).toSorted());
  });

  it.each(filePlaces)('as $name end as they should', async (place) => {
    expect(await tryFiles(place, 6, meta)).toEqual([]);
  });
});
