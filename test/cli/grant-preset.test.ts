import { describe, expect, it } from 'vitest';
import { cluster, runAlone } from './cluster.js';

describe('grant --preset', () => {
  it('grants the permissions of the preset, to users and roles', async () => {
    const there = await cluster({ users: { a: {} }, roles: { r: {} } });
    const { code, stdout } = await there.run(['user', 'grant', 'a', '--preset', 'kapacitor-admin']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'granted KapacitorAPI, KapacitorConfigAPI to user a\n' });
    const line = ['role', 'grant', 'r', 'Monitor', '--preset', 'kapacitor-service', '--preset', 'kapacitor-editor'];
    expect((await there.run(line)).code).toBe(0);
    expect((await there.role('r'))?.permissions).toEqual(
      new Map([['', ['Monitor', 'ManageSubscription', 'ReadData', 'WriteData', 'KapacitorAPI']]]),
    );
  });

  it('with --db gives for that database what is not of Kapacitor itself', async () => {
    const there = await cluster({ users: { a: {} } });
    const line = ['user', 'grant', 'a', '--preset', 'chronograf', '--db', 'telegraf'];
    expect((await there.run(line)).code).toBe(0);
    expect((await there.user('a'))?.permissions).toEqual(
      new Map([
        ['', ['KapacitorAPI', 'KapacitorConfigAPI']],
        ['telegraf', ['ViewChronograf', 'ReadData', 'Monitor']],
      ]),
    );
  });

  it('says why there can be no reader', async () => {
    const { code, stderr } = await runAlone(['user', 'grant', 'a', '--preset', 'kapacitor-reader']);
    expect(code).toBe(2);
    expect(stderr).toContain('Kapacitor cannot tell a reader from an editor');
    expect(stderr).toContain('Use kapacitor-editor');
  });

  it('refuses what is no preset with the nearest, and nothing at all', async () => {
    const unknown = await runAlone(['role', 'grant', 'r', '--preset', 'kapacitor-servce']);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean "kapacitor-service"?') });
    const nothing = await runAlone(['user', 'grant', 'a']);
    expect(nothing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("missing required argument 'permission'"),
    });
  });
});
