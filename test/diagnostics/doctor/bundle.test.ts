import { describe, expect, it } from 'vitest';
import { createBundle } from '../../../src/diagnostics/doctor/bundle.js';
import { diagnose } from '../../../src/diagnostics/doctor/diagnose.js';
import { failed, hash, healthy, known, user } from './healthy.js';

const about = { kapadmin: '1.2.3', connection: { nodes: ['https://meta1:8091'] }, kapacitor: undefined };

describe('a support bundle', () => {
  it('reports the kind of a hash, and nothing of its salt and digest', () => {
    const facts = healthy({ users: known([user('jo', { db: ['ReadData'] }), user('ldap', {}, '')]) });
    const text = JSON.stringify(createBundle(diagnose(facts), facts, about));
    expect(text).not.toContain(hash.slice(10));
    expect(JSON.parse(text)).toMatchObject({
      kapadmin: '1.2.3',
      at: '2026-01-15T00:00:00.000Z',
      facts: {
        users: [
          { name: 'jo', hash: 'bcrypt $2a$ cost 10', permissions: { db: ['ReadData'] } },
          { name: 'ldap', hash: 'none', permissions: {} },
        ],
      },
    });
  });

  it('reports why something was not read', () => {
    const facts = healthy({ users: failed('timeout') });
    expect(createBundle(diagnose(facts), facts, about)).toMatchObject({
      facts: { users: { failed: { code: 'timeout', why: 'it failed (timeout)' } } },
    });
  });
});
