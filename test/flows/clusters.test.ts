import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { inTerminal, kapadmin, type SandboxUse, withSandbox } from './harness.js';
import { cluster } from './commands/cluster.js';

const state = 'users: { johndoe: { password: { generate: true }, permissions: { "": [KapacitorAPI] } } }\n';
const three = ['--profile', 'prod', '--profile', 'lab', '--profile', 'down'];

/** A home with the profiles of two clusters, and of one that is down. */
function homeFor(prod: SandboxUse, lab: SandboxUse, password?: string): string {
  const account = { username: 'admin', ...(password === undefined ? {} : { password }) };
  const profiles = {
    prod: { url: prod.urls, ...account },
    lab: { url: lab.urls, ...account },
    down: { url: 'http://127.0.0.1:9', retries: 0 },
  };
  return makeFolder({ '.config/kapadmin/config.yaml': JSON.stringify({ profiles }), 'state.yaml': state });
}

async function withClusters(use: (home: string) => Promise<void>, asks = false): Promise<void> {
  await withSandbox(cluster, (prod) =>
    withSandbox({ nodes: 3 }, (lab) => use(homeFor(prod, lab, asks ? undefined : prod.env['KAPADMIN_META_PASSWORD']))),
  );
}

describe('two clusters and one that is down', () => {
  it('each command reports on all of them', () =>
    withClusters(async (home) => {
      const users = await kapadmin(['user', 'list', ...three], { home });
      expect(users).toMatchObject({ code: 7, stderr: 'error: 1 of 3 clusters failed: down\n' });
      expect(users.stdout).toMatch(/^CLUSTER +NAME[^]*^prod +johndoe[^]*^lab +admin[^]*^down: failed: /m);
      const plan = await kapadmin(['plan', 'state.yaml', ...three], { home, cwd: home });
      expect(plan.stdout).toMatch(/^prod: No changes\.[^]*^lab: Plan: create 1 user\.\ndown: failed: /m);
      const matrix = await kapadmin(['auth', 'matrix', ...three, '-o', 'csv'], { home });
      expect(matrix.stdout).toMatch(/^cluster,user,[^]*^prod,janedoe,[^]*^lab,admin,/m);
      const doctor = await kapadmin(['doctor', '--no-env', ...three], { home });
      expect(doctor.stdout).toMatch(
        /^CLUSTER +SEVERITY[^]*^prod: 1 error, 2 info; fixes: kapadmin doctor --profile prod$/m,
      );
      expect(doctor).toMatchObject({ code: 7, stderr: '' });
      const one = await kapadmin(['doctor', '--no-env', '--profile', 'prod'], { home });
      expect(one.stdout).toContain('To grant it directly: kapadmin user grant janedoe KapacitorAPI --profile prod\n');
    }));

  it('on a terminal each account is asked for its password, one after the other', () =>
    withClusters(async (home) => {
      const { code, screen } = await inTerminal(['user', 'list', ...three], { home }, async (terminal) => {
        await terminal.sees('Password of the meta account admin (prod)');
        terminal.type('correct horse battery');
        terminal.press('enter');
        await terminal.sees('Password of the meta account admin (lab)');
        terminal.type('wrong');
        terminal.press('enter');
      });
      expect(code).toBe(7);
      expect(screen).toMatch(/^prod +johndoe/m);
      expect(screen).toMatch(/^lab: failed: /m);
    }, true));

  it('Ctrl-C at the first prompt ends it', () =>
    withClusters(async (home) => {
      const { code, screen } = await inTerminal(['user', 'list', ...three], { home }, async (terminal) => {
        await terminal.sees('admin (prod)');
        terminal.press('ctrl-c');
      });
      expect([code, screen]).toEqual([130, expect.stringContaining('no changes were made')]);
      expect(screen).not.toContain('(lab)');
    }, true));
});
