import { expect, it } from 'vitest';
import { cluster } from './cluster.js';

const note =
  'The cluster has more than the state files. Nothing is removed without --prune, which would make 1 change.\n';

it.each([
  ['a permission that was taken out of the file', 'users: { johndoe: { permissions: {} } }', note],
  ['a user that the file lists as absent', 'options: { absent: { users: [johndoe] } }', note],
  ['nothing', 'users: { johndoe: { permissions: { "": [KapacitorAPI] } } }', ''],
])('plan without --prune says what it leaves: %s', async (_, stdin, stderr) => {
  const { run } = await cluster({ users: { johndoe: { '': ['KapacitorAPI'] } } });
  const stdout = 'No changes. The cluster matches the state files.\n';
  expect(await run(['plan', '-'], { stdin })).toEqual({ code: 0, stdout, stderr });
  expect((await run(['plan', '-', '--prune'], { stdin })).code).toBe(stderr === '' ? 0 : 1);
});
