import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { KapadminError, usageError } from '../../src/errors.js';
import { files } from '../../src/files/files.js';
import { cluster } from './cluster.js';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';

const wrong = ['permission', 'show', 'Nope'];
const list = ['permission', 'list'];

function outcome(stderr: string): unknown {
  return JSON.parse(stderr);
}

describe('the format of an error', () => {
  it.each([
    ['a flag', ['-o', 'json'], {}],
    ['the flag in one word', ['--output=json'], {}],
    ['a variable', [], { KAPADMIN_OUTPUT: 'json' }],
  ])('is that of %s', async (_, words, env) => {
    const ran = await runLine([...wrong, ...words], { env });
    expect(outcome(ran.stderr)).toMatchObject({ error: { code: 'unknown-permission' } });
  });

  it('is that of the profile', async () => {
    const profile = makeFolder({
      '.config/kapadmin/config.yaml': 'default: a\nprofiles: { a: { output: json }, b: { output: table } }\n',
    });
    expect(outcome((await runLine(wrong, { home: profile })).stderr)).toHaveProperty('error');
    expect((await runLine([...wrong, '--profile', 'b'], { home: profile })).stderr).toMatch(/^error: /);
  });

  it('holds for unknown arguments', async () => {
    for (const words of [['nope'], ['user', 'nope'], ['user', 'show'], ['user', 'show', 'x', '--nope']]) {
      const ran = await runLine(words, { env: { KAPADMIN_OUTPUT: 'json' } });
      expect([ran.code, outcome(ran.stderr)]).toEqual([2, { error: expect.objectContaining({ code: 'usage' }) }]);
    }
  });

  it('is text where the configuration is what is wrong', async () => {
    const home = makeFolder({ '.config/kapadmin/config.json': '{' });
    const ran = await runLine(list, { home });
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/^error: .*not valid JSON/)]);
  });

  it('is not that of a name that looks like a flag', async () => {
    const ran = await runLine(['permission', 'show', '--', '-ojson']);
    expect(ran.stderr).toMatch(/^error: /);
    expect((await runLine(['permission', 'show', '--', '--debug'])).stderr).not.toContain(' at ');
  });
});

/** What the system says when the disk is full. */
const full = new KapadminError('usage', 'cannot-write-file', 'cannot write f: no space left on the device');

describe('output that cannot be written', () => {
  it('is known before anything is sent, where it can be', async () => {
    const { run, user } = await cluster();
    const folder = makeFolder();
    mkdirSync(path.join(folder, 'sub'));
    for (const name of ['none/f', 'sub']) {
      const ran = await run(['user', 'create', 'joe', '--password', 'x', '-q', '--out', path.join(folder, name)]);
      expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('error: cannot write ')]);
    }
    expect(await user('joe')).toBeUndefined();
  });

  it('does not hide that the work is done', async () => {
    const { run, user } = await cluster();
    const broken = { ...files, writeFileAtomic: () => Promise.reject(full) };
    const words = ['user', 'create', 'joe', '--generate', '--out', path.join(makeFolder(), 'f')];
    const ran = await run(words, { files: broken });
    expect(ran).toMatchObject({ code: 7, stdout: '' });
    expect(ran.stderr).toContain('error: done, but cannot write f: no space left on the device');
    expect(ran.stderr).toContain('The generated password is lost. Set a new one: kapadmin user passwd joe');
    expect(await user('joe')).toBeDefined();
  });

  it('is reported after what failed', async () => {
    const { run } = await cluster({ users: { a: {} } });
    const out = (): Promise<void> => Promise.reject(usageError('cannot-write-output', 'cannot write: it is full'));
    const words = ['user', 'delete', 'a', 'b', '--yes', '-q'];
    const ran = await run(words, { out });
    expect(ran.code).toBe(7);
    expect(ran.stderr).toMatch(/^error: .*not found\n(.*\n)*error: done, but cannot write: it is full\n/);
  });

  it('ends help, too, with an error and no stack', async () => {
    const out = (): Promise<void> => Promise.reject(usageError('cannot-write-output', 'it is full'));
    for (const words of [['--help'], ['--version'], ['help', 'user', 'create']]) {
      expect(await runLine(words, { out })).toMatchObject({ code: 2, stderr: 'error: it is full\n' });
    }
  });

  it('leaves the file as it was, and nothing beside it', async () => {
    const folder = makeFolder();
    const file = path.join(folder, 'list');
    writeFileSync(file, 'before');
    const ran = await runLine([...list, '--out', path.join(file, 'below')]);
    expect(ran.code).toBe(2);
    expect(readdirSync(folder)).toEqual(['list']);
    expect(existsSync(file)).toBe(true);
  });
});
