export interface RefusalDetails {
  /** The line that the message tells. */
  readonly line?: number | undefined;
  /** The variable of the environment whose value is refused. */
  readonly variable?: string | undefined;
  /** A piece of a secret's value that the message repeats: to be masked wherever the message is shown. */
  readonly secretPiece?: string | undefined;
  /** The words of this version are not known from the `…` in the message on: what 1.8 says there. */
  readonly inexact?: string | undefined;
}

/** The daemon does not start: its own message, and what it is about. */
export class Refusal extends Error {
  readonly details: RefusalDetails;

  constructor(message: string, details: RefusalDetails = {}) {
    super(message);
    this.name = 'Refusal';
    this.details = details;
  }
}
