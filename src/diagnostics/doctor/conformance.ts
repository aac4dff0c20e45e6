import type { OpenQuestionId } from '../../model/open-questions.js';
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
