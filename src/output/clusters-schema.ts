import { matrixSchema } from '../access-matrix/schema.js';
import { findingsSchema } from '../diagnostics/findings-schema.js';
import { objectSchema } from '../model/json-schema.js';

const text = { type: 'string' };

function withoutDialect(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}

/** JSON Schema of what `-o json` prints for several `--profile`. */
export function clustersSchema(): object {
  const users = { title: 'user list', type: 'array', items: { type: 'object' } };
  const plan = { title: 'plan', type: 'object', required: ['changes', 'protectedChanges', 'drift'] };
  const result = { anyOf: [withoutDialect(findingsSchema()), withoutDialect(matrixSchema()), users, plan] };
  const error = objectSchema({ code: text, message: text, hint: text }, ['hint']);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Results of kapadmin with several --profile',
    type: 'array',
    items: { oneOf: [objectSchema({ profile: text, result }), objectSchema({ profile: text, error })] },
  };
}
