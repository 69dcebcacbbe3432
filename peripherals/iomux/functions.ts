/**
 * IO_MUX functions that connect a pad directly to a peripheral (TRM, IO_MUX pad summary), by the
 * number of the signal in the GPIO matrix. Functions that have no matrix signal (SD host, EMAC, JTAG,
 * CLK_OUT) are not in the list; selecting one is reported.
 */
export interface DirectFunction {
  readonly name: string;
  readonly pad: number;
  readonly function: number;
  readonly input?: number;
  readonly output?: number;
}

/** MCU_SEL 2 is the GPIO matrix on every pad. */
export const FUNCTION_GPIO = 2;

/** Pads whose function 0 is the GPIO matrix as well. */
// prettier-ignore
export const GPIO_AT_FUNCTION_0: readonly number[] = [
  0, 2, 4, 5, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39,
];

// prettier-ignore
export const DIRECT_FUNCTIONS: readonly DirectFunction[] = [
  { name: 'U0TXD', pad: 1, function: 0, output: 14 },
  { name: 'U0RXD', pad: 3, function: 0, input: 14 },
  { name: 'U0CTS', pad: 19, function: 3, input: 15 },
  { name: 'U0RTS', pad: 22, function: 3, output: 15 },
  { name: 'U1RXD', pad: 9, function: 4, input: 17 },
  { name: 'U1TXD', pad: 10, function: 4, output: 17 },
  { name: 'U1CTS', pad: 6, function: 4, input: 18 },
  { name: 'U1RTS', pad: 11, function: 4, output: 18 },
  { name: 'U2RXD', pad: 16, function: 4, input: 198 },
  { name: 'U2TXD', pad: 17, function: 4, output: 198 },
  { name: 'U2CTS', pad: 8, function: 4, input: 199 },
  { name: 'U2RTS', pad: 7, function: 4, output: 199 },
  { name: 'SPICLK', pad: 6, function: 1, input: 0, output: 0 },
  { name: 'SPIQ', pad: 7, function: 1, input: 1, output: 1 },
  { name: 'SPID', pad: 8, function: 1, input: 2, output: 2 },
  { name: 'SPIHD', pad: 9, function: 1, input: 3, output: 3 },
  { name: 'SPIWP', pad: 10, function: 1, input: 4, output: 4 },
  { name: 'SPICS0', pad: 11, function: 1, input: 5, output: 5 },
  { name: 'HSPICLK', pad: 14, function: 1, input: 8, output: 8 },
  { name: 'HSPIQ', pad: 12, function: 1, input: 9, output: 9 },
  { name: 'HSPID', pad: 13, function: 1, input: 10, output: 10 },
  { name: 'HSPICS0', pad: 15, function: 1, input: 11, output: 11 },
  { name: 'HSPIHD', pad: 4, function: 1, input: 12, output: 12 },
  { name: 'HSPIWP', pad: 2, function: 1, input: 13, output: 13 },
  { name: 'VSPICLK', pad: 18, function: 1, input: 63, output: 63 },
  { name: 'VSPIQ', pad: 19, function: 1, input: 64, output: 64 },
  { name: 'VSPID', pad: 23, function: 1, input: 65, output: 65 },
  { name: 'VSPIHD', pad: 21, function: 1, input: 66, output: 66 },
  { name: 'VSPIWP', pad: 22, function: 1, input: 67, output: 67 },
  { name: 'VSPICS0', pad: 5, function: 1, input: 68, output: 68 },
];
