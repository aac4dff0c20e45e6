import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deeperThan } from '../../src/meta/nesting.js';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

it('the depth of JSON is found without parsing it, whatever its strings hold', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const bytes = Buffer.from(JSON.stringify(value));
      const depth = depthOf(value);
      expect(deeperThan(bytes, depth)).toBe(false);
      expect(deeperThan(bytes, depth - 1)).toBe(depth > 0);
    }),
  );
});

it.each(['{"a":"[[[[[[\\"[[[["}', '["\\\\",["x"]]', '"', '"\\', ']]]]', ''])('%s is not deep', (text) => {
  expect(deeperThan(Buffer.from(text), 2)).toBe(false);
});
