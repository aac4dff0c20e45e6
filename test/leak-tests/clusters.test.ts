import { afterEach, describe, expect, it } from 'vitest';
import { type Recorder, startRecorder } from '../cli/recorder.js';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';
import { formsOf } from './forms.js';

const recorders: Recorder[] = [];

afterEach(async () => {
  await Promise.all(recorders.splice(0).map((one) => one.close()));
});

const secrets = { a: 'secret/of a', b: 'secret:of:b', c: 'secret "of" c', d: 'the shared secret of d' };
const names = Object.keys(secrets);
const state = { 'state.yaml': 'users: { new: { password: { generate: true } } }\n' };

/** A profile for each way by which one brings a secret. */
function profilesOf(urls: readonly string[]): object {
  const [a = '', b = '', c = '', d = ''] = urls;
  return {
    a: { url: a.replace('//', `//ann:${encodeURIComponent(secrets.a)}@`) },
    b: { url: b, username: 'ben', password: secrets.b },
    c: { url: c, username: 'cat', passwordFile: 'c' },
    d: { url: d, username: 'dan', secretFile: 'd' },
  };
}

function userOf(authorization: string): string {
  const [scheme, text = ''] = authorization.split(' ');
  if (scheme === 'Basic') return Buffer.from(text, 'base64').toString().replace(/:.*$/s, '');
  return (JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as { username: string }).username;
}

describe('several clusters', () => {
  it.each(['user list', 'auth matrix', 'plan state.yaml', 'doctor --no-env'])(
    '%s: the credentials of a profile go to its nodes alone, and are not printed',
    async (words) => {
      const started = await Promise.all(names.map(() => startRecorder()));
      recorders.push(...started);
      const home = makeFolder({
        '.config/kapadmin/config.yaml': JSON.stringify({ profiles: profilesOf(started.map(({ url }) => url)) }),
        '.config/kapadmin/c': secrets.c,
        '.config/kapadmin/d': secrets.d,
      });
      const flags = ['--debug', '--show-request', '--retries', '0', ...names.flatMap((name) => ['--profile', name])];
      const ran = await runLine([...words.split(' '), ...flags], { home, cwd: makeFolder(state) });

      const sent = started.map(({ requests }) => requests.flatMap(({ authorization }) => authorization ?? []));
      // doctor also asks whether a token of nobody is let in.
      const users = sent.map((list) => [...new Set(list.map(userOf))].filter((user) => user !== ''));
      expect(users).toEqual([['ann'], ['ben'], ['cat'], ['dan']]);
      const printed = `${ran.stdout}\n${ran.stderr}`;
      const found = Object.entries(secrets).flatMap(([name, secret]) =>
        formsOf(secret)
          .filter((form) => printed.includes(form))
          .map((form) => `${name}: ${form}`),
      );
      expect(found).toEqual([]);
    },
  );
});
