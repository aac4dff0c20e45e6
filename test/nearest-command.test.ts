import { describe, expect, it } from 'vitest';
import { nearestCommand } from '../src/nearest-command.js';
import { runLine } from './run.js';

describe('the command that unknown words most likely mean', () => {
  it.each([
    ['users lst', 'user list'],
    ['user lst', 'user list'],
    ['usr', 'user'],
    ['roles', 'role'],
    ['list users', 'user list'],
    ['create role', 'role create'],
    ['USER LIST', 'user list'],
    ['auth cani', 'auth can-i'],
    ['docter', 'doctor'],
    ['aply state.yaml', 'apply'],
    ['--quiet users --db lst', 'user list'],
    ['user frobnicate', 'user'],
    ['sandbocks --port 0', 'sandbox'],
  ])('%s: %s', (typed, meant) => {
    expect(nearestCommand(typed.split(' '))).toBe(meant);
  });

  it.each(['frobnicate', '__complet', '', '--version', 'x'.repeat(1_000_000)])('of "%.20s" there is none', (typed) => {
    expect(nearestCommand(typed.split(' '))).toBeUndefined();
  });

  it.each([
    [['users', 'lst'], 'error: unknown command \'users\'\ndid you mean "kapadmin user list"?\n'],
    [['user', 'lst'], 'error: unknown command \'lst\'\ndid you mean "kapadmin user list"?\n'],
    [['frobnicate'], "error: unknown command 'frobnicate'\nSee kapadmin --help.\n"],
    [['user', 'list', '--rol', 'x'], "error: unknown option '--rol'\nDid you mean --role?\n"],
  ])('is named by the error of %j', async (argv, stderr) => {
    expect(await runLine(argv)).toEqual({ code: 2, stdout: '', stderr });
  });
});
