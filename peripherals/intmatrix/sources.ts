/**
 * The 69 peripheral interrupt sources in hardware order, named as ESP-IDF's `soc/interrupts.h`
 * without `ETS_` and `_SOURCE`; beside each the name of its map register without `DPORT_PRO_` or
 * `DPORT_APP_` (TRM, "Interrupt Matrix").
 */

// prettier-ignore
export const INTERRUPT_SOURCES = [
  ['WIFI_MAC_INTR', 'MAC_INTR_MAP'],           ['WIFI_MAC_NMI', 'MAC_NMI_MAP'],
  ['WIFI_BB_INTR', 'BB_INT_MAP'],              ['BT_MAC_INTR', 'BT_MAC_INT_MAP'],
  ['BT_BB_INTR', 'BT_BB_INT_MAP'],             ['BT_BB_NMI', 'BT_BB_NMI_MAP'],
  ['RWBT_INTR', 'RWBT_IRQ_MAP'],               ['RWBLE_INTR', 'RWBLE_IRQ_MAP'],
  ['RWBT_NMI', 'RWBT_NMI_MAP'],                ['RWBLE_NMI', 'RWBLE_NMI_MAP'],
  ['SLC0_INTR', 'SLC0_INTR_MAP'],              ['SLC1_INTR', 'SLC1_INTR_MAP'],
  ['UHCI0_INTR', 'UHCI0_INTR_MAP'],            ['UHCI1_INTR', 'UHCI1_INTR_MAP'],
  ['TG0_T0_LEVEL_INTR', 'TG_T0_LEVEL_INT_MAP'],     ['TG0_T1_LEVEL_INTR', 'TG_T1_LEVEL_INT_MAP'],
  ['TG0_WDT_LEVEL_INTR', 'TG_WDT_LEVEL_INT_MAP'],   ['TG0_LACT_LEVEL_INTR', 'TG_LACT_LEVEL_INT_MAP'],
  ['TG1_T0_LEVEL_INTR', 'TG1_T0_LEVEL_INT_MAP'],    ['TG1_T1_LEVEL_INTR', 'TG1_T1_LEVEL_INT_MAP'],
  ['TG1_WDT_LEVEL_INTR', 'TG1_WDT_LEVEL_INT_MAP'],  ['TG1_LACT_LEVEL_INTR', 'TG1_LACT_LEVEL_INT_MAP'],
  ['GPIO_INTR', 'GPIO_INTERRUPT_MAP'],         ['GPIO_NMI', 'GPIO_INTERRUPT_NMI_MAP'],
  ['FROM_CPU_INTR0', 'CPU_INTR_FROM_CPU_0_MAP'],    ['FROM_CPU_INTR1', 'CPU_INTR_FROM_CPU_1_MAP'],
  ['FROM_CPU_INTR2', 'CPU_INTR_FROM_CPU_2_MAP'],    ['FROM_CPU_INTR3', 'CPU_INTR_FROM_CPU_3_MAP'],
  ['SPI0_INTR', 'SPI_INTR_0_MAP'],             ['SPI1_INTR', 'SPI_INTR_1_MAP'],
  ['SPI2_INTR', 'SPI_INTR_2_MAP'],             ['SPI3_INTR', 'SPI_INTR_3_MAP'],
  ['I2S0_INTR', 'I2S0_INT_MAP'],               ['I2S1_INTR', 'I2S1_INT_MAP'],
  ['UART0_INTR', 'UART_INTR_MAP'],             ['UART1_INTR', 'UART1_INTR_MAP'],
  ['UART2_INTR', 'UART2_INTR_MAP'],            ['SDIO_HOST_INTR', 'SDIO_HOST_INTERRUPT_MAP'],
  ['ETH_MAC_INTR', 'EMAC_INT_MAP'],            ['PWM0_INTR', 'PWM0_INTR_MAP'],
  ['PWM1_INTR', 'PWM1_INTR_MAP'],              ['PWM2_INTR', 'PWM2_INTR_MAP'],
  ['PWM3_INTR', 'PWM3_INTR_MAP'],              ['LEDC_INTR', 'LEDC_INT_MAP'],
  ['EFUSE_INTR', 'EFUSE_INT_MAP'],             ['TWAI_INTR', 'CAN_INT_MAP'],
  ['RTC_CORE_INTR', 'RTC_CORE_INTR_MAP'],      ['RMT_INTR', 'RMT_INTR_MAP'],
  ['PCNT_INTR', 'PCNT_INTR_MAP'],              ['I2C_EXT0_INTR', 'I2C_EXT0_INTR_MAP'],
  ['I2C_EXT1_INTR', 'I2C_EXT1_INTR_MAP'],      ['RSA_INTR', 'RSA_INTR_MAP'],
  ['SPI1_DMA_INTR', 'SPI1_DMA_INT_MAP'],       ['SPI2_DMA_INTR', 'SPI2_DMA_INT_MAP'],
  ['SPI3_DMA_INTR', 'SPI3_DMA_INT_MAP'],       ['WDT_INTR', 'WDG_INT_MAP'],
  ['TIMER1_INTR', 'TIMER_INT1_MAP'],           ['TIMER2_INTR', 'TIMER_INT2_MAP'],
  ['TG0_T0_EDGE_INTR', 'TG_T0_EDGE_INT_MAP'],       ['TG0_T1_EDGE_INTR', 'TG_T1_EDGE_INT_MAP'],
  ['TG0_WDT_EDGE_INTR', 'TG_WDT_EDGE_INT_MAP'],     ['TG0_LACT_EDGE_INTR', 'TG_LACT_EDGE_INT_MAP'],
  ['TG1_T0_EDGE_INTR', 'TG1_T0_EDGE_INT_MAP'],      ['TG1_T1_EDGE_INTR', 'TG1_T1_EDGE_INT_MAP'],
  ['TG1_WDT_EDGE_INTR', 'TG1_WDT_EDGE_INT_MAP'],    ['TG1_LACT_EDGE_INTR', 'TG1_LACT_EDGE_INT_MAP'],
  ['MMU_IA_INTR', 'MMU_IA_INT_MAP'],           ['MPU_IA_INTR', 'MPU_IA_INT_MAP'],
  ['CACHE_IA_INTR', 'CACHE_IA_INT_MAP'],
] as const;

/**
 * Two sources come as a pair of wires, one for each core: the GPIO block has its own interrupt and
 * NMI output for APP_CPU, which arrives at the same place of APP_CPU's half of the matrix.
 */
export const APP_ONLY_SOURCES = [
  ['GPIO_INTR_APP', 'GPIO_INTR'],
  ['GPIO_NMI_APP', 'GPIO_NMI'],
] as const;

export type InterruptSource =
  (typeof INTERRUPT_SOURCES)[number][0] | (typeof APP_ONLY_SOURCES)[number][0];
