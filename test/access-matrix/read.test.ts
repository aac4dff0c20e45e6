import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrixJson } from '../../src/output/views/matrix.js';
import { diffMatrices, readMatrix } from '../../src/access-matrix/diff.js';
import { clusters, matrixOf } from './clusters.js';

const small = matrixOf({
  users: [{ name: 'ann', hash: undefined, permissions: new Map([['db', ['WriteData']]]) }],
  roles: [],
});

/** The JSON of a matrix with something in it changed, and what is said of it. */
function faultOf(change: (json: Record<string, unknown>) => void): string {
  const json = JSON.parse(JSON.stringify(matrixJson(small))) as Record<string, unknown>;
  change(json);
  try {
    readMatrix(JSON.stringify(json), 'old.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'read';
}

describe('a saved matrix', () => {
  it('is read as it was written: nothing changed since', () => {
    fc.assert(
      fc.property(clusters, (cluster) => {
        const matrix = matrixOf(cluster);
        const read = readMatrix(JSON.stringify(matrixJson(matrix)), 'old.json');
        expect(read.users).toEqual(matrix.users);
        expect(read.filters).toEqual(matrix.filters);
        expect(diffMatrices(read, matrix)).toMatchObject({ changes: [], notCompared: [] });
      }),
    );
  });

  it('that is none is refused with its fault', () => {
    expect(() => readMatrix('{', 'old.json')).toThrow('old.json is not an access matrix: it is not JSON');
    expect(() => readMatrix('[]', 'old.json')).toThrow('old.json is not an access matrix: it is not an object');
    expect(() => readMatrix('null', 'o\u001b[2Jld')).toThrow(
      'o\u001b[2Jld is not an access matrix: it is not an object',
    );
    expect(() => readMatrix('{"users":[]}', 'old.json')).toThrow('it has no version');
    expect(faultOf((json) => (json['version'] = 2))).toContain('its version is not 1');
    expect(faultOf((json) => (json['users'] = {}))).toContain('users is not a list');
    expect(faultOf((json) => (json['users'] = [{ name: 1 }]))).toContain('users[0].name is not a string');
    expect(faultOf((json) => (json['users'] = [{ name: 'a', roles: [], row: 1 }]))).toContain(
      'users[0].row is not a number below 1',
    );
    expect(faultOf((json) => (json['endpoints'] = []))).toContain('rows[0].endpoints is not a list of 0');
    expect(faultOf((json) => (json['databases'] = []))).toContain(
      'rows[0].writes.own[0].database is not a number below 0',
    );
    expect(faultOf((json) => (json['reasons'] = [{ allowed: 'yes', why: '' }]))).toContain(
      'reasons[0].allowed is not a boolean',
    );
    expect(faultOf((json) => delete json['filters'])).toContain('filters is not an object');
    expect(faultOf(() => {})).toBe('read');
  });
});
