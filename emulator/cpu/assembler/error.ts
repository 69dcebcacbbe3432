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
    super(`${place.file}:${place.line}: ${message}`);
    this.name = 'AssembleError';
    this.file = place.file;
    this.line = place.line;
  }
}
