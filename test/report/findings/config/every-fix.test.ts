import { describe, expect, it } from 'vitest';
import { applyFix } from './apply-fix.js';
import { faultsOfFixes, faultsOfMixtures } from './every-fix.js';
import { knownConfigurations } from './mixtures.js';
import { checkConfig } from '../../../../src/report/findings/config/check-config.js';
import { tlsFiles } from './corpus.js';

/** The lines that are offered for a configuration, each with the finding. */
function linesOf(text: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const input = {
    file: { path: 'k.conf', content: text, mode: 0o600 },
    environment: {
      variables: new Map(Object.entries(env)),
      others: new Map<string, string>(),
      from: 'env',
      dropped: [],
    },
    now: 0,
    freshSecret: 'x',
  };
  return checkConfig(input, tlsFiles).findings.flatMap(({ id, mends }) =>
    mends.flatMap(({ what, setting }) => (setting === undefined ? [] : [`${id}: ${what}: ${setting}`])),
  );
}

const secret = 'shared-secret = "0123456789abcdef0123456789abcdef"';
const head = `data_dir = "/d"\n[http]\nbind-address = "127.0.0.1:9092"\n${secret}\n`;

describe('every fix holds', () => {
  it.each(knownConfigurations())('for %s', (_, input) => {
    expect(faultsOfFixes(input)).toEqual([]);
  });

  it('for random mixtures of their lines', () => {
    expect(faultsOfMixtures(60)).toBeNull();
  });

  it('is judged by what is offered: the known files get lines of many kinds', () => {
    const kinds = knownConfigurations().flatMap(([, input]) =>
      checkConfig(input, tlsFiles).findings.flatMap(({ id, mends, place }) =>
        mends.some((mend) => applyFix(input, mend, place) !== undefined) ? [id] : [],
      ),
    );
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(20);
  });

  it('offers no name alone with which the daemon would stop, but config fix, which sets the rest', () => {
    const text = `${head}auth-enabled = true\n[auth]\nenabeld = true\nmeta-addr = "localhost:8091"\n`;
    expect(linesOf(text).filter((line) => line.startsWith('misspelt-key'))).toEqual([]);
  });

  it('names all that own-store needs, below the section or as variables where one of them is one', () => {
    const auth = `auth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 10\n`;
    expect(linesOf(`${head}${auth}`)).toEqual([
      'own-store: Set below [auth] in k.conf, all of them: meta-addr = "HOST:8091"\ncache-expiration = "10m"\nmeta-username = "NAME"\nmeta-password = "THE PASSWORD"',
    ]);
    expect(linesOf(`${head}${auth}`, { KAPACITOR_AUTH_CACHE_EXPIRATION: '0s' })).toEqual([
      'own-store: Set in env, all of them: KAPACITOR_AUTH_META_ADDR=HOST:8091\nKAPACITOR_AUTH_CACHE_EXPIRATION=10m\nKAPACITOR_AUTH_META_USERNAME=NAME\nKAPACITOR_AUTH_META_PASSWORD=THE PASSWORD',
    ]);
  });

  it('writes dotted keys where the file has dotted keys', () => {
    const text = `data_dir = "/d"\nhttp.auth-enabled = true\nhttp.${secret}\nauth.enabled = true\nauth.bcrypt-cost = 3\n`;
    expect(linesOf(text)).toContain('bcrypt-cost-low: Write in line 5 of k.conf: auth.bcrypt-cost = 10');
    expect(linesOf(text)).toContain('https-off: Write below line 3 of k.conf: http.bind-address = "127.0.0.1:9092"');
  });

  it('tells an empty hostname and a missing data_dir, which stop the daemon one after the other', () => {
    expect(linesOf('hostname = ""\n').filter((line) => line.startsWith('data-dir'))).toEqual([
      'data-dir-missing: Write in line 1 of k.conf: hostname = "localhost"',
      'data-dir-missing: Write before the first section of k.conf: data_dir = "/var/lib/kapacitor"',
    ]);
  });
});
