/**
 * What the bits of DPORT's clock and reset registers belong to, by register (ESP-IDF `dport_reg.h`).
 * Names are those of the bits without `DPORT_`, `_CLK_EN`, `_EN` and `_RST`.
 */

interface BitRow {
  readonly name: string;
  readonly register: 'PERIP' | 'PERI' | 'CORE';
  readonly clockBit: number;
  readonly resetBit: number;
}

// PERIP_CLK_EN and PERIP_RST_EN, bit by bit.
// prettier-ignore
const PERIP = [
  'TIMERS', 'SPI01', 'UART', 'WDG', 'I2S0', 'UART1', 'SPI2', 'I2C_EXT0', 'UHCI0', 'RMT', 'PCNT',
  'LEDC', 'UHCI1', 'TIMERGROUP', 'EFUSE', 'TIMERGROUP1', 'SPI3', 'PWM0', 'I2C_EXT1', 'TWAI', 'PWM1',
  'I2S1', 'SPI_DMA', 'UART2', 'UART_MEM', 'PWM2', 'PWM3',
] as const;

// PERI_CLK_EN and PERI_RST_EN, bit by bit. SECUREBOOT holds SHA and AES in reset as well,
// DIGITAL_SIGNATURE AES and RSA.
const PERI = ['AES', 'SHA', 'RSA', 'SECUREBOOT', 'DIGITAL_SIGNATURE'] as const;

// Clock bits of WIFI_CLK_EN and reset bits of CORE_RST_EN.
const CORE = [
  ['SDIO_SLAVE', 4, 5],
  ['SDIO_HOST', 13, 6],
  ['EMAC', 14, 7],
] as const;

export type PeripheralName =
  (typeof PERIP)[number] | (typeof PERI)[number] | (typeof CORE)[number][0];

export const PERIPHERAL_BITS: readonly (BitRow & { readonly name: PeripheralName })[] = [
  ...PERIP.map((name, bit) => ({ name, register: 'PERIP' as const, clockBit: bit, resetBit: bit })),
  ...PERI.map((name, bit) => ({ name, register: 'PERI' as const, clockBit: bit, resetBit: bit })),
  ...CORE.map(([name, clockBit, resetBit]) => ({
    name,
    register: 'CORE' as const,
    clockBit,
    resetBit,
  })),
];

/** Resets that hold further blocks. */
export const ALSO_RESETS: Readonly<Partial<Record<PeripheralName, readonly PeripheralName[]>>> = {
  SECUREBOOT: ['AES', 'SHA'],
  DIGITAL_SIGNATURE: ['AES', 'RSA'],
};
