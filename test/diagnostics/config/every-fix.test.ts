import { describe, expect, it } from 'vitest';
import { applyFix } from './apply-fix.js';
import { faultsOfFixes, faultsOfMixtures } from './every-fix.js';
import { knownConfigurations } from './mixtures.js';
import { checkConfig } from '../../../src/diagnostics/config/fix-config.js';
import { tlsFiles } from './corpus.js';
import type { FindingsReport } from '../../../src/diagnostics/finding.js';

function checkText(text: string, env: Readonly<Record<string, string>> = {}): FindingsReport {
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
  return checkConfig(input, tlsFiles);
}

/** The lines that are offered for a configuration, each with the finding. */
function linesOf(text: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  return checkText(text, env).findings.flatMap(({ id, fixes }) =>
    fixes.flatMap(({ what, setting }) => (setting === undefined ? [] : [`${id}: ${what}: ${setting}`])),
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
      checkConfig(input, tlsFiles).findings.flatMap(({ id, fixes, place }) =>
        fixes.some((fix) => applyFix(input, fix, place) !== undefined) ? [id] : [],
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
      'own-store: Set in [auth] of k.conf, all of these: meta-addr = "HOST:8091"\ncache-expiration = "10m"\nmeta-username = "NAME"\nmeta-password = "THE PASSWORD"',
    ]);
    expect(linesOf(`${head}${auth}`, { KAPACITOR_AUTH_CACHE_EXPIRATION: '0s' })).toEqual([
      'own-store: Set in env, all of these: KAPACITOR_AUTH_META_ADDR=HOST:8091\nKAPACITOR_AUTH_CACHE_EXPIRATION=10m\nKAPACITOR_AUTH_META_USERNAME=NAME\nKAPACITOR_AUTH_META_PASSWORD=THE PASSWORD',
    ]);
  });

  it('writes dotted keys where the file has dotted keys', () => {
    const text = `data_dir = "/d"\nhttp.auth-enabled = true\nhttp.${secret}\nauth.enabled = true\nauth.bcrypt-cost = 3\n`;
    expect(linesOf(text)).toContain('bcrypt-cost-low: Change line 5 of k.conf to: auth.bcrypt-cost = 10');
    expect(linesOf(text)).toContain('https-off: Add after line 3 of k.conf: http.bind-address = "127.0.0.1:9092"');
  });

  it('reports an empty hostname and a missing data_dir, which stop the daemon one after the other', () => {
    expect(linesOf('hostname = ""\n').filter((line) => line.startsWith('data-dir'))).toEqual([
      'data-dir-missing: Change line 1 of k.conf to: hostname = "localhost"',
      'data-dir-missing: Add before the first section of k.conf: data_dir = "/var/lib/kapacitor"',
    ]);
  });

  it('names the line of a key that the file already has, and puts what is new in its place', () => {
    const off = `${head}auth-enabled = true\n[auth]\nenabled = false\n`;
    const rest = 'cache-expiration = "10m"\nmeta-username = "kapacitor"\nmeta-password = "a-password"\n';
    expect(linesOf(`${off}bcrypt-cost = 10\nmeta-addr = "localhost:8091"\n${rest}`)).toEqual([
      'noauth: Change line 7 of k.conf to: enabled = true',
    ]);
    expect(linesOf(off)).toEqual([
      'noauth: Change line 7 of k.conf to, all of these: enabled = true\nbcrypt-cost = 10\nmeta-addr = "HOST:8091"\ncache-expiration = "10m"\nmeta-username = "NAME"\nmeta-password = "THE PASSWORD"',
    ]);
    expect(linesOf(`${off}meta-addr = ""\nbcrypt-cost = 0\n${rest}`)).toEqual([
      'noauth: Change lines 7, 8 and 9 of k.conf to, all of these: enabled = true\nmeta-addr = "HOST:8091"\nbcrypt-cost = 10',
    ]);
  });

  it('writes the whole line of a misspelt key, and the name alone where the value is a secret', () => {
    const auth = `auth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 10\ncache-expiration = "10m"\nmeta-addr = "localhost:8091"\n`;
    const text = `${head}${auth}metausername = "kapacitor"\nmeta-password = "a-password"\ncache_expiration = "10m"\n`;
    const { findings } = checkText(text);
    expect(
      findings.filter(({ id }) => id === 'misspelt-key').map(({ fixes }) => fixes.map(({ what }) => what)),
    ).toEqual([
      ['Rename "metausername" in line 11 of k.conf to "meta-username"'],
      ['Remove line 13 of k.conf: the daemon uses line 9'],
    ]);
    expect(
      linesOf(
        `${head}${auth.replace('enabled = true\nb', 'enabeld = true\nb')}meta-username = "k"\nmeta-password = "p"\n`,
      ),
    ).toContain('misspelt-key: Change line 7 of k.conf to: enabled = true');
  });
});
