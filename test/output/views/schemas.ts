import { createRequire } from 'node:module';
import { findingsSchema } from '../../../src/output/schemas.js';

/** Of the JSON Schema validator that @microsoft/jest-sarif brings with it. */
interface Validator {
  addMetaSchema(schema: unknown): void;
  validate(schema: unknown, data: unknown): boolean;
  errorsText(): string;
}

const require = createRequire(import.meta.url);
const sarif = createRequire(require.resolve('@microsoft/jest-sarif/package.json'));
const Ajv = sarif('ajv') as new (options: object) => Validator;
const sarifSchema: unknown = sarif('./lib/schemas/sarif-2.1.0-rtm.5.json');

/** What a schema finds wrong; empty where nothing is. */
export function schemaFaults(schema: unknown, data: unknown): string {
  const validator = new Ajv({ schemaId: 'auto', validateSchema: false, allErrors: true });
  validator.addMetaSchema(sarif('ajv/lib/refs/json-schema-draft-04.json'));
  return validator.validate(schema, data) ? '' : validator.errorsText();
}

/** What the schema of SARIF 2.1.0 finds wrong; empty where nothing is. */
export function sarifFaults(log: unknown): string {
  return schemaFaults(sarifSchema, log);
}

/** What the schema of findings finds wrong. */
export function findingsFaults(json: unknown): string {
  return schemaFaults(findingsSchema(), json);
}
