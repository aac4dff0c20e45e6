import fc from 'fast-check';
import { expect } from 'vitest';
import { handleRequestAs } from '../../src/auth-engine/handle.js';
import { compilePrivileges } from '../../src/auth-engine/privileges.js';
import { findVerdict } from '../../src/auth-engine/trace.js';
import { endpoints } from '../../src/model/kapacitor-endpoints.js';
import { type Document, naive } from './naive.js';

const permission = fc.constantFrom(
  'KapacitorAPI',
  'KapacitorConfigAPI',
  'WriteData',
  'ReadData',
  'NoPermissions',
  'Monitor',
  'ViewAdmin',
);
const database = fc.constantFrom('', 'telegraf', 'a/b', 'a_b', 'b', '..', '/', 'a.b', '__proto__');
const document: fc.Arbitrary<Document> = fc.uniqueArray(fc.tuple(database, fc.array(permission, { maxLength: 4 })), {
  selector: ([scope]) => scope,
  maxLength: 4,
});
const method = fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS');
const piece = fc.constantFrom('config', 'ping', 'write', 'tasks', 'database', 'preview', 'logs', 'api', 'a b', '');
const start = fc.constantFrom('/', '/kapacitor/v1', '/kapacitor/v1/', '/kapacitor/v1preview/', '/kapacitor/v1preview');
const built = fc
  .tuple(start, fc.array(piece, { maxLength: 3 }), fc.constantFrom('', '/'))
  .map(([first, pieces, last]) => `${first}${pieces.join('/')}${last}`.replace(/\/+/g, '/'));
const path = fc.oneof(built, fc.constantFrom('/write', '/kapacitor/v1/write', ...endpoints.map((one) => one.path)));

/** What the engine answers such a user: `allow`, or the status. */
export function decided(given: Document, how: string, where: string, db: string): string {
  const query = db === '' ? '' : `?db=${encodeURIComponent(db)}`;
  const request = { method: how, target: encodeURI(where) + query, headers: [] };
  const { verdict, status } = findVerdict(
    handleRequestAs({ name: 'u', privileges: compilePrivileges(new Map(given)) }, request),
  );
  return verdict === 'allow' ? 'allow' : String(status);
}

/** The engine and the naive statement of the rules agree on any document, method, path and database. */
export function assertAgreement(numRuns: number): void {
  fc.assert(
    fc.property(document, method, path, database, (given, how, where, db) => {
      expect(decided(given, how, where, db)).toBe(naive(given, how, where, db));
    }),
    { numRuns },
  );
}
