import { expect } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import { parseFaults } from '../../src/sandbox/faults.js';
import { makeFolder } from '../folder.js';
import { cluster } from './cluster.js';

const permissions = ['ReadData', 'WriteData', 'KapacitorAPI', 'Monitor', 'ManageQuery'];

/** A file of wanted state with so many users and roles, each user in one or two of them. */
function largeState(users: number, roles: number): object {
  const pick = (i: number): string => permissions[i % permissions.length] ?? '';
  const userEntries = Array.from({ length: users }, (_, i) => {
    const memberOf = [...new Set([`role${i % roles}`, `role${(i * 7) % roles}`])];
    const granted = { '': [pick(i)], [`db${i % 5}`]: [pick(i + 1), pick(i + 2)] };
    return [`user${i}`, { password: { env: 'PASSWORD' }, permissions: granted, roles: memberOf }];
  });
  const roleEntries = Array.from({ length: roles }, (_, i) => [
    `role${i}`,
    { permissions: { '': [pick(i), pick(i + 1)] } },
  ]);
  return { users: Object.fromEntries(userEntries), roles: Object.fromEntries(roleEntries) };
}

/** Runs of `apply` on one cluster before its end state must be as wanted. */
const mostRuns = 4;
/** A look at the end state may meet garbage, too. */
const mostLooks = 20;

/**
 * Applies a large file to a node that breaks off, answers 503, half and garbage, until apply says that it is done; then
 * the cluster is exactly as the file wants it. Returns the number of runs.
 */
export async function applyThroughFaults(users: number, roles: number, faults: string, seed: number): Promise<number> {
  const admin = { username: 'admin', password: new Secret('changeit') };
  const there = await cluster({}, { admin, faults: { plan: parseFaults(faults), seed } });
  const cwd = makeFolder({ 'state.json': JSON.stringify(largeState(users, roles)) });
  const options = { cwd, env: { PASSWORD: 'pa55word' } };
  const line = ['apply', 'state.json', '--concurrency', '256', '-q'];
  let runs = 0;
  let code = -1;
  while (code !== 0 && runs < mostRuns) {
    const ran = await there.run(line, options);
    ({ code } = ran);
    runs += 1;
    expect([0, 3, 7, 8], ran.stderr).toContain(code);
  }
  expect(code).toBe(0);
  const look = () => there.run(['plan', 'state.json', '--prune'], options);
  let end = await look();
  for (let looks = 1; end.code > 1 && looks < mostLooks; looks++) end = await look();
  expect(end).toMatchObject({ code: 0, stdout: 'No changes. The cluster matches the state files.\n' });
  return runs;
}
