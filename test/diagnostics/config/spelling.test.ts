import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/diagnostics/config/fix-config.js';
import type { ConfigInput } from '../../../src/diagnostics/config/facts.js';
import { suggestField, suggestSection } from '../../../src/diagnostics/config/spelling.js';
import { fixedDuration, fixedLiteral } from '../../../src/diagnostics/config/syntax-fixes.js';
import { configFields } from '../../../src/kapacitor-config/fields.js';
import { inputOf, tlsFiles, withText } from './corpus.js';

describe('a misspelt key', () => {
  it.each([
    ['auth', 'enabeld', 'enabled'],
    ['auth', 'enable', 'enabled'],
    ['auth', 'bcrypt', 'bcrypt-cost'],
    ['auth', 'bcryptcost', 'bcrypt-cost'],
    ['auth', 'meta_use_tls', 'meta-use-tls'],
    ['auth', 'META-USETLS', 'meta-use-tls'],
    ['auth', 'meta-pasword', 'meta-password'],
    ['auth', 'meta-address', 'meta-addr'],
    ['auth', 'password', 'meta-password'],
    ['auth', 'username', 'meta-username'],
    ['auth', 'cache', 'cache-expiration'],
    ['auth', 'insecure-skip-verify', 'meta-insecure-skip-verify'],
    ['http', 'auth-enbaled', 'auth-enabled'],
    ['http', 'sharedsecret', 'shared-secret'],
    ['http', 'https-cert', 'https-certificate'],
    ['http', 'pprof', 'pprof-enabled'],
  ] as const)('[%s] %s means %s', (section, name, key) => {
    expect(suggestField(section, name)?.key).toBe(key);
  });

  it.each([
    ['auth', 'meta'],
    ['auth', 'secret-word'],
    ['auth', 'colour'],
    ['auth', 'ca'],
    ['auth', ''],
    ['http', 'enabled'],
    ['http', 'https'],
    ['http', 'x'.repeat(10_000)],
  ] as const)('[%s] %s may mean anything', (section, name) => {
    expect(suggestField(section, name)).toBeUndefined();
  });
});

describe('a misspelt section', () => {
  it.each([
    ['htpp', 'http'],
    ['https', 'http'],
    ['authentication', 'auth'],
    ['auht', 'auth'],
  ])('[%s] may mean [%s]', (name, section) => {
    expect(suggestSection(name)).toBe(section);
  });

  it.each(['httppost', 'alerta', 'kafka', 'task', 'x'.repeat(10_000), ''])('[%s] is another one', (name) => {
    expect(suggestSection(name)).toBeUndefined();
  });

  it('is reported only where it has a key that belongs there', () => {
    const input = (text: string): ConfigInput => withText(inputOf('good', 'loopback'), text);
    const ids = (text: string): readonly string[] => checkConfig(input(text), tlsFiles).findings.map(({ id }) => id);
    expect(ids('[htpp]\nauth-enabled = true\n')).toContain('misspelt-section');
    expect(ids('[htpp]\nurls = []\n')).not.toContain('misspelt-section');
    expect(ids('[smtp]\nenabled = true\n')).not.toContain('misspelt-section');
  });
});

describe('a value that the daemon refuses', () => {
  it.each([
    ['1d', '24h'],
    ['1.5d', '36h'],
    ['2w', '336h'],
    ['1d12h', '24h12h'],
    ['10 minutes', '10m'],
    ['1 hour and 30 min', '1h30m'],
    ['90sec', '90s'],
    ['5H', '5h'],
  ])('the duration %s is %s', (text, fixed) => {
    expect(fixedDuration(text)).toBe(fixed);
  });

  it.each(['10', 'soon', '5M', '1y', '', '10 m 5', '-1d', '9999999999999d', '1d'.repeat(40)])(
    'the duration %j may mean anything',
    (text) => {
      expect(fixedDuration(text)).toBeUndefined();
    },
  );

  it.each([
    [configFields.auth.enabled, '"TRUE"', 'true'],
    [configFields.auth.enabled, 'off', 'false'],
    [configFields.auth.enabled, '1', 'true'],
    [configFields.auth.bcryptCost, '"10"', '10'],
    [configFields.auth.bcryptCost, '10.0', '10'],
    [configFields.auth.metaUsername, '12', '"12"'],
    [configFields.auth.metaAddr, '“meta1:8091”', '"meta1:8091"'],
    [configFields.auth.cacheExpiration, '10m', '"10m"'],
  ])('of $key: %s is meant as %s', (field, raw, literal) => {
    expect(fixedLiteral(field, raw)).toBe(literal);
  });

  it.each([
    [configFields.auth.enabled, '"certainly"'],
    [configFields.auth.enabled, '[true]'],
    [configFields.auth.bcryptCost, '10.5'],
    [configFields.auth.bcryptCost, '"ten"'],
    [configFields.auth.metaUsername, '"a" "b"'],
    [configFields.auth.metaUsername, '{ a = 1 }'],
    [configFields.auth.metaPassword, '"""two\nlines"""'],
    [configFields.auth.cacheExpiration, '10'],
  ])('of $key: %s may mean anything', (field, raw) => {
    expect(fixedLiteral(field, raw)).toBeUndefined();
  });
});
