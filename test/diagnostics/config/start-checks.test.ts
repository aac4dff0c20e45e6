import { describe, expect, it } from 'vitest';
import { parseKapacitorVersion } from '../../../src/model/kapacitor-versions.js';
import { checkConfig } from '../../../src/diagnostics/config/fix-config.js';
import type { ConfigInput } from '../../../src/diagnostics/config/facts.js';
import { inputOf } from './corpus.js';

function facts(content: string, release?: string, variables?: Readonly<Record<string, string>>): readonly string[] {
  const { environment: given, now, freshSecret } = inputOf('good', 'loopback');
  const environment = variables === undefined ? given : { ...given, variables: new Map(Object.entries(variables)) };
  const version = release === undefined ? undefined : parseKapacitorVersion(release);
  const file = { path: 'k.conf', content: Buffer.from(content, 'latin1'), mode: 0o600 };
  const input: ConfigInput = { file, environment, now, freshSecret, version };
  return checkConfig(input, new Map()).findings.map(({ id, fact }) => `${id}: ${fact}`);
}

const about = (content: string, release?: string): readonly string[] =>
  facts(content, release).filter((fact) => /^(older-version|file-syntax|unknown-key)/.test(fact));

const mark = '\u00ef\u00bb\u00bf[http]\n  bind-address = "127.0.0.1:9092"\n';
const latin1 = '[http]\n  bind-address = "127.0.0.1:9092" # caf\u00e9\n';
const dotted = 'http.bind-address = "127.0.0.1:9092"\n';

describe('verdict 23, field toml-of-1.6-and-1.7: a file is judged for the release that runs', () => {
  it('with a byte order mark is read by 1.8 alone', () => {
    expect(about(mark)).toEqual([
      'older-version: Kapacitor 1.6.0 to 1.7.7 cannot read this file and would not start; 1.8 reads it. The problem is near line 1.',
    ]);
    expect(about(mark, '1.8')).toEqual([]);
    expect(about(mark, '1.7.3')[0]).toMatch(/^file-syntax: Kapacitor 1\.7\.3 cannot parse this file: expected/);
  });

  it('with a Latin-1 comment is read by 1.6.0 to 1.6.5', () => {
    expect(about(latin1)[0]).toMatch(
      /^file-syntax: The daemon says: .*0xe9" \(This is the message of 1\.8; Kapacitor 1\.6\.0 to 1\.6\.5 can read this file\.\)$/,
    );
    expect(about(latin1, '1.6.5')).toEqual([]);
    expect(about(latin1, '1.6.6')[0]).toMatch(
      /^file-syntax: Kapacitor 1\.6\.6 cannot parse this file: invalid UTF-8.* \(Kapacitor 1\.6\.0 to 1\.6\.5 can read this file\.\)$/,
    );
    expect(about(latin1, '1.8')[0]).toMatch(/0xe9" \(Kapacitor 1\.6\.0 to 1\.6\.5 can read this file\.\)$/);
  });

  it('with dotted keys is read from 1.6.6 on', () => {
    expect(about(dotted)).toEqual([
      'older-version: Kapacitor 1.6.0 to 1.6.5 cannot read this file and would not start; 1.8 reads it. The problem is near line 1.',
    ]);
    expect(about(dotted, '1.6.6')).toEqual([]);
    expect(about(dotted, '1.6.2')[0]).toMatch(/ \(Kapacitor 1\.6\.6 to 1\.8\.3 can read this file\.\)$/);
  });

  it('a variable that the release does not read says which one does', () => {
    const variables = { KAPACITOR_AUTH_META_INTERNAL_SHARED_SECRET: 'x' };
    const unknown = (release: string): readonly string[] =>
      facts('[auth]\n', release, variables).filter((fact) => fact.startsWith('unknown-variable'));
    expect(unknown('1.6.5')).toEqual([
      'unknown-variable: Kapacitor 1.6.5 does not read KAPACITOR_AUTH_META_INTERNAL_SHARED_SECRET; it needs 1.6.6 or later.',
    ]);
    expect(unknown('1.6.6')).toEqual([]);
  });

  it('names no key that the release does not read', () => {
    const config =
      '[http]\n  auth-enabled = true\n[auth]\n  enabled = true\n  bcrypt-cost = 10\n  meta-addr = "m:8091"\n';
    const account = (release: string): string | undefined =>
      facts(config, release).find((fact) => fact.startsWith('meta-no-account'));
    expect(account('1.6.6')).toContain('meta-internal-shared-secret');
    expect(account('1.6.5')).toBe('meta-no-account: [auth] meta-username is empty (the default).');
  });

  it('that no release reads has no such remark', () => {
    expect(about('[http', '1.6.5')[0]).not.toMatch(/can read/);
  });

  it('with U+FFFD, which 1.6.6 and 1.7 refuse, names both ranges', () => {
    expect(about('[http]\n  bind-address = "127.0.0.1:9092" # \u00ef\u00bf\u00bd\n', '1.7.0')[0]).toMatch(
      / \(Kapacitor 1\.6\.0 to 1\.6\.5 and 1\.8\.0 to 1\.8\.3 can read this file\.\)$/,
    );
  });

  it('with a key that the release does not read says which one does', () => {
    const secret = '[auth]\n  meta-internal-shared-secret = 5\n';
    expect(about(secret, '1.6.5')).toEqual([
      'unknown-key: Kapacitor 1.6.5 does not read "meta-internal-shared-secret"; it needs 1.6.6 or later.',
    ]);
    expect(facts(secret, '1.6.6').some((fact) => fact.includes('cannot load TOML value of type int64'))).toBe(true);
  });
});
