/** Where a statement stands in the source. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** The source cannot be assembled. The message is one line: `file:line: what is wrong, what is expected`. */
export class AssembleError extends Error {
  readonly file: string;
  readonly line: number;

  constructor(place: Place, message: string) {
    super(`${place.file}:${place.line}: ${printable(message)}`);
    this.name = 'AssembleError';
    this.file = place.file;
    this.line = place.line;
  }
}

const LIMIT = 300;

/** The message as one line of bounded length, whatever the source put into it. */
function printable(message: string): string {
  const clean = message.replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return clean.length > LIMIT ? `${clean.slice(0, LIMIT)}...` : clean;
}
