import { describe, expect, it } from 'vitest';
import { endpoints } from '../../src/model/kapacitor-endpoints.js';
import { assertAgreement, decided } from './agreement.js';
import { type Document, naive } from './naive.js';

describe('a random permission document, path and method', () => {
  it('is decided as a second, naive statement of the rules decides it', () => {
    assertAgreement(5000);
  });

  it('of every single permission by every endpoint is, too', () => {
    const names = ['KapacitorAPI', 'KapacitorConfigAPI', 'WriteData', 'ReadData', 'NoPermissions'];
    for (const scope of ['', 'telegraf']) {
      for (const one of names) {
        for (const other of names) {
          const given: Document = [[scope, [one, other]]];
          for (const endpoint of endpoints) {
            const db = endpoint.path.endsWith('/write') ? 'telegraf' : '';
            const expected = naive(given, endpoint.method, endpoint.path, db);
            expect(decided(given, endpoint.method, endpoint.path, db)).toBe(expected);
          }
        }
      }
    }
  });
});
