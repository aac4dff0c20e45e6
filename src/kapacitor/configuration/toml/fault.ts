/** Why the daemon's parser stops, with the line that it tells. */
export class Fault extends Error {
  readonly line: number;
  /** The piece of the file that the message repeats. */
  readonly piece: string | undefined;

  constructor(message: string, line: number, piece?: string) {
    super(message);
    this.name = 'Fault';
    this.line = line;
    this.piece = piece;
  }
}
