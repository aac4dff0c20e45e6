import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffView } from '../../src/output/views/matrix-diff.js';
import { matrixJson } from '../../src/output/views/matrix.js';
import { diffMatrices } from '../../src/access-matrix/diff.js';
import { accessChangesSchema, diffSchema, matrixSchema } from '../../src/output/schemas.js';
import { accessChanges } from '../../src/access-matrix/access-changes.js';
import { accessChangesView } from '../../src/output/views/access.js';
import { schemaFaults } from './views/schemas.js';
import { changeCases } from '../access-matrix/change-cases.js';
import { clusters, matrixOf } from '../access-matrix/clusters.js';

describe('the schemas of the package', () => {
  it('hold for every matrix', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const json: unknown = JSON.parse(JSON.stringify(matrixJson(matrixOf(cluster))));
        expect(schemaFaults(matrixSchema(), json)).toBe('');
      }),
      { numRuns: 20 },
    );
  });

  it('hold for every diff', () => {
    fc.assert(
      fc.property(clusters, clusters, (one, other) => {
        const json: unknown = JSON.parse(JSON.stringify(diffView.json(diffMatrices(matrixOf(one), matrixOf(other)))));
        expect(schemaFaults(diffSchema(), json)).toBe('');
      }),
      { numRuns: 20 },
    );
  });

  it('hold for every change of access', () => {
    fc.assert(
      fc.property(changeCases, fc.constantFrom('yes', 'no', 'unknown'), ({ cluster, changes }, fact) => {
        const json = JSON.stringify(accessChangesView.json(accessChanges(cluster, changes, fact)));
        expect(schemaFaults(accessChangesSchema(), JSON.parse(json))).toBe('');
      }),
      { numRuns: 30 },
    );
  });

  it('refuse what is another thing', () => {
    const json = { ...matrixJson(matrixOf({ users: [], roles: [] })), more: 1 };
    expect(schemaFaults(matrixSchema(), json)).toContain('additional properties');
    expect(schemaFaults(diffSchema(), json)).not.toBe('');
    expect(schemaFaults(accessChangesSchema(), json)).not.toBe('');
    const entry = { user: 'ann', endpoint: '/config', database: '', privilege: 'write', by: '' };
    const access = { gained: [entry], lost: [], unknown: [], unchanged: [], rolesInUserRecords: 'no' };
    expect(schemaFaults(accessChangesSchema(), access)).not.toBe('');
  });
});
