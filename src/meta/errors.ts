import { KapadminError, type ErrorDetails, type ErrorKind } from '../errors.js';

/**
 * What is known of a request that failed: nothing of it was sent; it was sent and may have been carried out; the
 * server answered, and did not carry it out.
 */
export type Fate = 'not-sent' | 'unknown' | 'answered';

export interface MetaErrorDetails extends ErrorDetails {
  readonly method: string;
  /** The URL as it may be shown: without credentials and passwords. */
  readonly url: string;
  readonly fate: Fate;
  readonly status?: number | undefined;
  /** What the server said, shortened, control characters escaped, secrets masked. */
  readonly serverText?: string | undefined;
}

/** A request to a meta node that did not give what was asked for. */
export class MetaError extends KapadminError {
  readonly method: string;
  readonly url: string;
  readonly fate: Fate;
  readonly status: number | undefined;
  readonly serverText: string | undefined;

  constructor(kind: ErrorKind, code: string, message: string, details: MetaErrorDetails) {
    super(kind, code, message, details);
    this.name = 'MetaError';
    this.method = details.method;
    this.url = details.url;
    this.fate = details.fate;
    this.status = details.status;
    this.serverText = details.serverText;
  }
}
