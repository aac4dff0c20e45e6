import { expect, it } from 'vitest';
import { showSize } from '../../src/model/units.js';

it.each([
  [64 * 1024 * 1024, '64MiB'],
  [1536 * 1024, '1536KiB'],
  [1024, '1KiB'],
  [1_000_000, '1000000 bytes'],
  [10, '10 bytes'],
])('%i bytes are told as %s', (bytes, text) => {
  expect(showSize(bytes)).toBe(text);
});
