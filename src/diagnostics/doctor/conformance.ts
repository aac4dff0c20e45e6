import { objectSchema } from '../../model/json-schema.js';
import { openQuestions, type OpenQuestionId } from '../../model/open-questions.js';
import type { Shape } from '../../model/response-shape.js';

/** One response of the cluster, without values. */
export interface RecordedResponse {
  /** What was sent, such as `POST /user create with hash`. */
  readonly request: string;
  readonly status: number;
  /** Undefined for an empty body; `text` for one that is not JSON. */
  readonly body?: Shape;
  /** The error that it names. */
  readonly error?: string;
}

export type ConformanceFacts = Readonly<Record<string, string | number | boolean>>;

/** What a probe found out. */
export interface ConformanceAnswer {
  readonly facts: ConformanceFacts;
  /** Why nothing, or not all, is known. */
  readonly unknown?: string;
  readonly responses: readonly RecordedResponse[];
}

/** What a cluster does where the documentation is silent: no names, hosts or secrets. */
export interface ConformanceReport {
  readonly version: 1;
  readonly kapadmin: string;
  /** The version that the meta nodes report. */
  readonly product: string | null;
  /** How many meta nodes the connection names. */
  readonly nodes: number;
  /** Whether users come from LDAP; null where that cannot be read. */
  readonly ldap: boolean | null;
  readonly answers: Readonly<Partial<Record<OpenQuestionId, ConformanceAnswer>>>;
}

/** JSON Schema of a report of `doctor --conformance`. */
export function conformanceSchema(): object {
  const text = { type: 'string' };
  const shape = { $ref: '#/definitions/shape' };
  const response = objectSchema(
    { request: text, status: { type: 'integer' }, body: shape, error: { ...text, maxLength: 200 } },
    ['body', 'error'],
  );
  const answer = objectSchema(
    {
      facts: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
      unknown: { ...text, description: 'Why something is not known.' },
      responses: { type: 'array', items: response },
    },
    ['unknown'],
  );
  const ids = Object.keys(openQuestions);
  const answers = objectSchema(Object.fromEntries(ids.map((id) => [id, answer])), ids);
  const report = objectSchema({
    version: { const: 1 },
    kapadmin: text,
    product: { type: ['string', 'null'], description: 'X-Influxdb-Version.' },
    nodes: { type: 'integer', minimum: 1 },
    ldap: { type: ['boolean', 'null'] },
    answers: { ...answers, description: 'By the id of docs/open-questions.md.' },
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Report of kapadmin doctor --conformance',
    definitions: {
      shape: {
        description: 'A JSON value without its values; "*" stands for keys that are names.',
        anyOf: [text, { type: 'array', items: shape }, { type: 'object', additionalProperties: shape }],
      },
    },
    ...report,
  };
}
