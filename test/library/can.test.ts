import { expect, it } from 'vitest';
import { can } from '../../src/index.js';

const writer = { permissions: { telegraf: ['WriteData'] } };

it.each([
  [{ permissions: { '': ['KapacitorAPI'] } }, 'get', '/kapacitor/v1/tasks', true],
  [{ permissions: { '': ['KapacitorAPI'] } }, 'GET', '/kapacitor/v1/config', false],
  [{ permissions: { '': ['KapacitorConfigAPI'] } }, 'GET', 'http://localhost:9092/kapacitor/v1/config', true],
  [{ permissions: { '': ['KapacitorAPI', 'Unknown'] } }, 'GET', '/kapacitor/v1/tasks', false],
  [{ permissions: { '': ['KapacitorAPI'] } }, 'GET', '/kapacitor/v1/nothing', false],
  [writer, 'POST', '/write?db=telegraf', true],
  [writer, 'POST', '/write?db=other', false],
  [writer, 'POST', '/write', false],
  [{}, 'GET', '/kapacitor/v1/tasks', false],
] as const)('%j %s %s: %s', (user, method, path, allowed) => {
  expect(can(user, method, path)).toBe(allowed);
});

it('refuses a method that Kapacitor does not route', () => {
  expect(() => can({}, 'BREW', '/')).toThrow('unknown method "BREW"');
});
