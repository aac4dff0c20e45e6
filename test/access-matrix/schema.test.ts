import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffView } from '../../src/output/views/matrix-diff.js';
import { matrixJson } from '../../src/output/views/matrix.js';
import { diffMatrices } from '../../src/access-matrix/diff.js';
import { diffSchema, matrixSchema } from '../../src/access-matrix/schema.js';
import { schemaFaults } from '../output/views/schemas.js';
import { clusters, matrixOf } from './clusters.js';

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

  it('refuse what is another thing', () => {
    const json = { ...matrixJson(matrixOf({ users: [], roles: [] })), more: 1 };
    expect(schemaFaults(matrixSchema(), json)).toContain('additional properties');
    expect(schemaFaults(diffSchema(), json)).not.toBe('');
  });
});
