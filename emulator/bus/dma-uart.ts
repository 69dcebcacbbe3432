/** A UART as its DMA controller (UHCI) sees it, and what it tells that controller. */

export interface DmaUart {
  /** The client hears from now on. */
  connectDma(client: DmaUartClient): void;
  /** The oldest received byte leaves the RX FIFO; -1 when there is none. */
  take(): number;
  /** True when the TX FIFO has room for a byte. */
  readonly hasRoom: boolean;
  /** Puts a byte into the TX FIFO. */
  give(value: number): void;
}

export interface DmaUartClient {
  /** True while the end of a frame by an idle line is wanted. */
  readonly wantsIdle: boolean;
  /** A byte is in the RX FIFO. */
  onReceived(): void;
  /** A byte has left the TX FIFO. */
  onRoom(): void;
  /** The line was idle for RX_IDLE_THRHD bit times after a byte. */
  onIdle(): void;
  onBreak(): void;
}
