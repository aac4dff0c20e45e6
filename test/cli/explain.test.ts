import { describe, expect, it } from 'vitest';
import { rules } from '../../src/diagnostics/rules/registry.js';
import { runLine } from '../run.js';

describe('explain', () => {
  it.each([...rules.keys()])('knows %s: cause, evidence, consequence and fix', async (id) => {
    const { code, stdout } = await runLine(['explain', id]);
    expect(code).toBe(0);
    for (const part of ['severity', 'cause', 'evidence', 'consequence', 'fix']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${part}: +\\S`, 'm'));
    }
  });

  it('lists all without an identifier', async () => {
    const { stdout } = await runLine(['explain', '-o', 'name']);
    expect(stdout.trimEnd().split('\n')).toEqual([...rules.keys()]);
    const table = await runLine(['explain']);
    expect(table.stdout).toMatch(
      /^noauth +error +config check +Any user name with any password is an administrator \(noauth\)$/m,
    );
  });

  it('gives JSON: one finding, or all of them', async () => {
    const one = await runLine(['explain', 'noauth', '-o', 'json']);
    expect(JSON.parse(one.stdout)).toEqual(rules.get('noauth'));
    const all = await runLine(['explain', '-o', 'json']);
    expect(JSON.parse(all.stdout)).toEqual([...rules.values()]);
  });

  it.each(['noaut', '__proto__', 'constructor', ''])('has no finding %j', async (id) => {
    const { code, stderr } = await runLine(['explain', id]);
    expect(code).toBe(5);
    expect(stderr).toContain(`unknown finding "${id}"`);
    if (id === 'noaut') expect(stderr).toContain('Did you mean "noauth"?');
  });
});
