import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/index.js';

const good =
  'data_dir = "/d"\n[http]\n  auth-enabled = true\n[auth]\n  enabled = true\n  bcrypt-cost = 10\n  meta-addr = "meta1:8091"\n';

describe('checkConfig', () => {
  it('says whether Kapacitor starts, and what is wrong where', () => {
    const { starts, message, findings } = checkConfig('[auth]\n  enabled = "yes"\n');
    expect(starts).toBe(false);
    expect(message).toContain('enabled');
    expect(findings[0]).toMatchObject({ severity: 'error', line: 2 });
    expect(checkConfig(good)).toMatchObject({ starts: true, message: null });
    expect(checkConfig(good.replace('data_dir', 'x')).message).toContain('must configure valid data dir');
  });

  it('counts variables, and names the one that is wrong', () => {
    const { starts, findings } = checkConfig(good, { KAPACITOR_AUTH_BCRYPT_COST: 'much', PATH: '/bin' });
    expect(starts).toBe(false);
    expect(findings.find(({ severity }) => severity === 'error')?.variable).toBe('KAPACITOR_AUTH_BCRYPT_COST');
  });

  it('says nothing of files that it does not read', () => {
    const tls = good.replace('meta-addr', 'meta-ca = "/etc/ca.pem"\n  meta-use-tls = true\n  meta-addr');
    expect(checkConfig(tls).findings.filter(({ fact }) => fact.includes('/etc/ca.pem'))).toEqual([]);
  });

  it('uses the version that is named', () => {
    expect(() => checkConfig(good, {}, { version: '0.1' })).toThrow('version: "0.1" is not a known version');
  });

  it('quotes no secret', () => {
    const { message, findings } = checkConfig('[auth]\nmeta-password = "s3cret\\q"\n');
    expect(JSON.stringify({ message, findings })).not.toContain('s3cret');
  });
});
