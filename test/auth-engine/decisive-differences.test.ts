import { describe, expect, it } from 'vitest';
import { configurationDifferences, requestDifferences } from '../../src/auth-engine/decisive-differences.js';
import { handleRequest } from '../../src/auth-engine/handle.js';
import { startDaemon } from '../../src/auth-engine/daemon-state.js';
import { parseKapacitorVersion } from '../../src/model/kapacitor-versions.js';
import { versionNote } from '../../src/diagnostics/login/explanation.js';
import { answer, basic, drive, type Node, nodeOf, settings, startMs, startSeconds, token } from './engine.js';

const conf = '[auth]\nenabled = true\nbcrypt-cost = 4\nmeta-addr = "m:1"\nmeta-internal-shared-secret = "s"\n';

function ldap(): Node {
  return ({ path }) => (path === '/user' ? answer(200, { users: [{ name: 'joe' }] }) : answer(200));
}

function decisive(name: string, authorization: string, node: Node = nodeOf({})): string[] {
  const version = parseKapacitorVersion(name)!;
  const request = {
    method: 'GET',
    target: '/kapacitor/v1/tasks',
    headers: [['Authorization', authorization]],
  } as const;
  const daemon = startDaemon(settings({ sharedSecret: 'k' }), startMs, version);
  const trace = drive(handleRequest(daemon, request, 0), node);
  return requestDifferences(request, trace, { settings: daemon.settings, version, seconds: startSeconds });
}

describe('what depends on the version', () => {
  it.each(['1.6.4', '1.8'])('is a bearer header of more than two words (%s)', (version) => {
    expect(decisive(version, 'Bearer a b')).toEqual(['bearerCut']);
    expect(decisive(version, 'Bearer a.b.c')).toEqual([]);
  });

  it.each(['1.7', '1.8'])('is a token in the very second of its exp (%s)', (version) => {
    const of = (exp: number): string[] => decisive(version, `Bearer ${token({ username: 'joe', exp }, 'k')}`);
    expect(of(startSeconds)).toEqual(['jwt4']);
    expect([of(startSeconds + 1), of(startSeconds - 1)]).toEqual([[], []]);
  });

  it.each(['1.7.0', '1.8'])('is an LDAP password over 72 bytes (%s)', (version) => {
    expect(decisive(version, basic('joe', 'x'.repeat(73)), ldap())).toEqual(['longPasswords']);
    expect(decisive(version, basic('joe', 'x'.repeat(72)), ldap())).toEqual([]);
    const stored = nodeOf({ joe: { hash: 'x', permissions: {} } });
    expect(decisive(version, basic('joe', 'x'.repeat(73)), stored)).toEqual([]);
  });

  it.each(['1.6.5', '1.8'])('is meta-internal-shared-secret (%s)', (name) => {
    const version = parseKapacitorVersion(name)!;
    expect(configurationDifferences(conf, new Map(), version)).toEqual(['metaInternalSharedSecret']);
    expect(configurationDifferences(conf.replace(/^meta-internal.*$/m, ''), new Map(), version)).toEqual([]);
  });

  it('is why a configuration is refused', () => {
    const dotted = 'auth.enabled = false\n';
    expect(configurationDifferences(dotted, new Map(), parseKapacitorVersion('1.6.5')!)).toEqual(['toml1']);
    expect(configurationDifferences(dotted, new Map(), parseKapacitorVersion('1.8')!)).toEqual([]);
  });

  it('is reported with the side of this version first', () => {
    expect(versionNote('bearerCut', parseKapacitorVersion('1.6.2')!)).toBe(
      'Kapacitor before 1.6.5: A bearer header has exactly two words; any other falls through to `u` and `p` of the query. 1.6.5 and later: All that follows `Bearer` and one space is the token.',
    );
    expect(versionNote('longPasswords', parseKapacitorVersion('1.8')!)).toMatch(
      /^Kapacitor 1\.7\.1 and later: .* Before 1\.7\.1: /,
    );
  });
});
