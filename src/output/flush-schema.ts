import { objectSchema } from '../model/json-schema.js';

const text = { type: 'string' };

/** JSON Schema of what `auth flush -o json` prints. */
export function flushSchema(): object {
  const error = objectSchema({ code: text, message: text, hint: text }, ['hint']);
  const status = { enum: ['planned', 'flushed', 'failed', 'unknown', 'not-started'] };
  const result = objectSchema({ kapacitor: text, user: text, status, deletedLocal: { type: 'boolean' }, error }, [
    'error',
  ]);
  const expiry = objectSchema({ userUntil: text, passwordUntil: text, basis: text });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Result of kapadmin auth flush',
    ...objectSchema({
      dryRun: { type: 'boolean' },
      results: { type: 'array', items: result },
      expiry: { anyOf: [{ type: 'null' }, expiry] },
    }),
  };
}
