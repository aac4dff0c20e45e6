import { describe, expect, it } from 'vitest';
import { run as runProgram } from '../../src/cli/run.js';
import { makeTestContext } from '../context.js';
import { cluster, type TestCluster } from './cluster.js';

const small = { users: { joe: {}, ann: {} } };
const takesEffect = /^Takes effect in Kapacitor when its cached entry for/;

/** The lines of stdout and stderr in the order in which they were written. */
async function linesOf({ urls }: TestCluster, argv: readonly string[]): Promise<readonly string[]> {
  const env = {
    KAPADMIN_META_URL: urls.join(','),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
    NO_COLOR: '1',
  };
  const context = makeTestContext({ env, terminal: true, out: async (text) => context.io.err(text) });
  await runProgram(argv, context);
  return context.stderr().trimEnd().split('\n');
}

describe('notes', () => {
  it('follow the result', async () => {
    const lines = await linesOf(await cluster(small), ['user', 'grant', 'joe', 'KapacitorAPI']);
    expect(lines).toEqual(['granted KapacitorAPI to user joe', expect.stringMatching(takesEffect)]);
  });

  it('follow the result of a dry run', async () => {
    const lines = await linesOf(await cluster(small), ['user', 'grant', 'joe', 'ReadData', '--dry-run']);
    expect(lines).toEqual([expect.stringContaining('ReadData'), 'Dry run: no changes were made.']);
  });

  it('come before the error that follows the result', async () => {
    const lines = await linesOf(await cluster(small), ['user', 'create', 'new', 'joe', '--generate']);
    const at = (what: RegExp): number => lines.findIndex((line) => what.test(line));
    expect(at(/^new /)).toBeGreaterThanOrEqual(0);
    expect(at(/^created user new$/)).toBeGreaterThan(at(/^new /));
    expect(at(/^error: /)).toBeGreaterThan(at(/^created user new$/));
  });

  it('come before an error that has no result', async () => {
    const lines = await linesOf(await cluster(small), ['doctor', '--probe', '--dry-run', '--bundle', 'none/b.json']);
    expect(lines[0]).toMatch(/^Dry run: /);
    expect(lines[1]).toMatch(/^error: cannot write /);
  });

  it('are printed by a process that ends before the result was taken', async () => {
    const { urls } = await cluster(small);
    let exit = (): void => {};
    const context = makeTestContext({
      env: { KAPADMIN_META_URL: urls[0] ?? '', KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: 'changeit' },
      out: () => {
        exit();
        return new Promise(() => {});
      },
    });
    const ended = new Promise<void>((resolve) => {
      context.onExit = (act) => {
        exit = () => {
          act();
          resolve();
        };
      };
    });
    void runProgram(['user', 'grant', 'joe', 'KapacitorAPI'], context);
    await ended;
    expect(context.stderr()).toMatch(takesEffect);
  });
});
