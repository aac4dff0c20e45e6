/** Why the daemon's parser stops. */
export interface FaultDetails {
  /** The line that the parser tells. */
  readonly line: number;
  /** The piece of the file that the message repeats. */
  readonly piece?: string;
}

export class Fault extends Error {
  readonly line: number;
  readonly piece: string | undefined;

  constructor(message: string, details: FaultDetails) {
    super(message);
    this.name = 'Fault';
    this.line = details.line;
    this.piece = details.piece;
  }
}
