import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { cluster, runAlone } from './cluster.js';

const flag = '--allow-outside-files';

async function setting(files: Record<string, string>) {
  const own = makeFolder({ id_key: 'a private key', '.config/kapadmin/x': '' });
  const { urls, user } = await cluster({});
  const cwd = makeFolder(files);
  const env = {
    KAPADMIN_META_URL: urls.join(),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
  };
  const run = (...words: string[]) => runAlone(words, { cwd, env });
  return { own, cwd, run, user, key: path.join(own, 'id_key') };
}

const refusal =
  'error: cannot read password files that are, or link to, files outside the directory of their state file:';

describe('attack H2: a state file that refers to a file outside its folder', () => {
  it.each(['password', 'hash'])('is refused, whole path, way up or link, without a flag: %s', async (what) => {
    const { own, cwd, run, user, key } = await setting({ 'access/b': 'x' });
    symlinkSync(key, path.join(cwd, 'access/link'));
    symlinkSync(own, path.join(cwd, 'access/folder'));
    writeFileSync(path.join(cwd, 'up'), 'also private');
    for (const file of [key, '../up', 'link', 'folder/id_key', 'folder/none', '../access2/none']) {
      writeFileSync(path.join(cwd, 'access/s.json'), JSON.stringify({ users: { joe: { [what]: { file } } } }));
      for (const words of [
        ['apply', 'access/s.json'],
        ['apply', 'access', '--dry-run'],
        ['plan', 'access/s.json', '--check-passwords'],
      ]) {
        const { code, stderr, stdout } = await run(...words);
        expect([file, words, code, stdout]).toEqual([file, words, 2, '']);
        expect(stderr).toContain(refusal);
        expect(stderr).toContain('user "joe": ');
        expect(stderr).toContain(flag);
        expect(stderr).not.toContain('private');
      }
    }
    expect(await user('joe')).toBeUndefined();
  });

  it('is applied with the flag, and a file within the folder without it', async () => {
    const { cwd, run, user, key } = await setting({ 'access/in/b': 'a secret of bob' });
    const users = { joe: { password: { file: key } }, bob: { password: { file: 'in/b' } } };
    writeFileSync(path.join(cwd, 'access/s.json'), JSON.stringify({ users: { bob: users.bob } }));
    expect((await run('apply', 'access/s.json')).code).toBe(0);
    expect(await user('bob')).toBeDefined();
    writeFileSync(path.join(cwd, 'access/s.json'), JSON.stringify({ users }));
    expect((await run('apply', 'access/s.json', flag)).code).toBe(0);
    expect(await user('joe')).toBeDefined();
  });

  it('is applied where all of its folder is linked elsewhere, as Kubernetes does', async () => {
    const { cwd, run, user } = await setting({
      '..data/s.json': JSON.stringify({ users: { joe: { password: { file: 'b' } } } }),
      '..data/b': 'a secret of joe',
    });
    for (const name of ['s.json', 'b']) symlinkSync(path.join('..data', name), path.join(cwd, name));
    expect((await run('apply', 's.json')).code).toBe(0);
    expect(await user('joe')).toBeDefined();
  });

  it('counts from the working directory where the state comes from standard input', async () => {
    const { key, cwd } = await setting({ b: 'a secret of joe' });
    const apply = (file: string) =>
      runAlone(['apply', '-', '--retries', '0', '--meta-url', 'http://127.0.0.1:9'], {
        cwd,
        stdin: JSON.stringify({ users: { joe: { password: { file } } } }),
      });
    expect((await apply(key)).stderr).toContain(refusal);
    expect((await apply('b')).stderr).not.toContain(refusal);
  });

  it('a saved plan is no way round it; the printed command has the flag where it is needed', async () => {
    const { cwd, run, user, key } = await setting({});
    writeFileSync(path.join(cwd, 's.json'), JSON.stringify({ users: { joe: { password: { file: key } } } }));
    const { code, stderr } = await run('plan', 's.json', '--out', 'p.json', flag);
    expect([code, stderr.includes(`kapadmin apply p.json ${flag}`)]).toEqual([1, true]);
    const refused = await run('apply', 'p.json');
    expect([refused.code, refused.stderr.includes(refusal)]).toEqual([2, true]);
    expect(await user('joe')).toBeUndefined();
    expect((await run('apply', 'p.json', flag)).code).toBe(0);
    expect(await user('joe')).toBeDefined();
  });
});
