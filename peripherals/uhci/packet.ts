/**
 * Packets of the three-wire UART transport (Bluetooth Core Specification, volume 4 part D) as the UHCI
 * makes and takes them: a head of four bytes whose sum is 0xff, and a CRC of head and payload.
 */

export const HEAD_BYTES = 4;
export const CRC_BYTES = 2;
/** Bit 6 of the head's first byte: a CRC follows the payload. */
const CRC_PRESENT = 1 << 6;
const ACK_SHIFT = 3;
const POLYNOMIAL = 0x8408;

export function hasCrc(head: readonly number[]): boolean {
  return (head[0]! & CRC_PRESENT) !== 0;
}

/** Bytes of payload that the head announces. */
export function payloadLength(head: readonly number[]): number {
  return (head[1]! >> 4) | (head[2]! << 4);
}

export function headSum(head: readonly number[]): number {
  return (head[0]! + head[1]! + head[2]! + head[3]!) & 0xff;
}

/** The head as it is sent, with another acknowledge number and a right sum where these are wanted. */
export function fixHead(
  head: readonly number[],
  ack: number | undefined,
  checksum: boolean,
): number[] {
  const fixed = [...head];
  if (ack !== undefined) fixed[0] = (fixed[0]! & ~(7 << ACK_SHIFT)) | ((ack & 7) << ACK_SHIFT);
  if (checksum) fixed[3] = ~(fixed[0]! + fixed[1]! + fixed[2]!) & 0xff;
  return fixed;
}

export const CRC_START = 0xffff;

/** CRC-CCITT, least significant bit first. */
export function crcStep(crc: number, value: number): number {
  let rest = crc ^ value;
  for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ ((rest & 1) === 0 ? 0 : POLYNOMIAL);
  return rest;
}

/** The two bytes behind the payload: the remainder's bits turned round, high byte first. */
export function crcBytes(crc: number): [number, number] {
  let turned = 0;
  for (let bit = 0; bit < 16; bit++) turned |= ((crc >>> bit) & 1) << (15 - bit);
  return [turned >> 8, turned & 0xff];
}
