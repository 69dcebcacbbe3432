/** A program's record (driver.ts) in words. */
const REGISTERS: readonly string[] = [
  ...Array.from({ length: 64 }, (_, i) => `scratch+${4 * i}`),
  ...Array.from({ length: 14 }, (_, i) => `a${i + 2}`),
  ...['SAR', 'SCOMPARE1', 'ACCLO', 'ACCHI', 'M0', 'M1', 'M2', 'M3', 'LCOUNT', 'THREADPTR'],
  ...['BR', 'FCR', 'FSR'],
  ...Array.from({ length: 16 }, (_, i) => `F${i}`),
];

const hex = (value: number): string => value.toString(16).padStart(8, '0');

export function describeDifference(emulator: Buffer, qemu: Buffer): string {
  if (emulator.length !== qemu.length) {
    return `the emulator wrote ${emulator.length} bytes, QEMU ${qemu.length}: the program did not return`;
  }
  const lines: string[] = [];
  for (let at = 0; at + 4 <= qemu.length; at += 4) {
    const [ours, theirs] = [emulator.readUInt32LE(at), qemu.readUInt32LE(at)];
    if (ours !== theirs)
      lines.push(`${REGISTERS[at / 4]}: emulator ${hex(ours)}, QEMU ${hex(theirs)}`);
  }
  return lines.join('\n');
}
