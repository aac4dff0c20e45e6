import type { HttpRequest } from '../auth-engine/request.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import type { ScenarioMeta } from './meta-node.js';
import type { Expectation } from './expectations.js';

export interface ScenarioStep {
  /** As written, such as `5m`. */
  readonly at: string;
  /** Nanoseconds since the daemon started. */
  readonly now: number;
  /** Replaces these parts of the meta node from this step on. */
  readonly meta: Partial<ScenarioMeta> | undefined;
  readonly listen: string | undefined;
  readonly request: { readonly wire: HttpRequest; readonly method: string; readonly path: string } | undefined;
  readonly expect: Expectation | undefined;
}

/** A scenario, ready to play; the file format is in docs/scenarios.md. */
export interface Scenario {
  readonly name: string;
  /** Undefined if the file has none. */
  readonly version: KapacitorVersion | undefined;
  /** Milliseconds since 1970 at 0s. */
  readonly start: number;
  readonly config: string | Uint8Array;
  readonly env: ReadonlyMap<string, string>;
  readonly meta: ScenarioMeta;
  /** Where the node listens; undefined: at meta-addr. */
  readonly listen: string | undefined;
  readonly steps: readonly ScenarioStep[];
  readonly expect: { readonly starts?: boolean; readonly message?: string | null } | undefined;
}
