/** How a run ended. */
export interface Outcome {
  readonly exitCode: number;
  /** One sentence for people. */
  readonly why: string;
  /** What the guest gave to the semihosting exit call: 32 bits. */
  readonly guestExitCode: number | undefined;
}
