/** A request to a meta node, as it came off the wire. */
export interface MetaRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** Percent-encoded, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Header = readonly [name: string, value: string];

export interface MetaAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
}
