/*
 * Register addresses and bits of the ESP32 that assembly, C and Rust of the firmware use: the one
 * place for them (build.ts turns this file into constants of Rust). Names as in ESP-IDF's soc headers.
 */
#ifndef REGS_H
#define REGS_H

/* DPORT. Written only, but for the cache's status: see "DPORT reads" in the README. */
#define DPORT_PERI_CLK_EN 0x3ff0001c
#define DPORT_PERI_RST_EN 0x3ff00020
#define DPORT_PERIP_CLK_EN 0x3ff000c0
#define DPORT_PERIP_RST_EN 0x3ff000c4
#define DPORT_APPCPU_CTRL_A 0x3ff0002c
#define DPORT_APPCPU_CTRL_B 0x3ff00030
#define DPORT_APPCPU_CTRL_C 0x3ff00034
#define DPORT_APPCPU_CTRL_D 0x3ff00038
#define DPORT_CPU_PER_CONF 0x3ff0003c
#define DPORT_PRO_CACHE_CTRL 0x3ff00040
#define DPORT_PRO_CACHE_CTRL1 0x3ff00044
#define DPORT_APP_CACHE_CTRL 0x3ff00058
#define DPORT_APP_CACHE_CTRL1 0x3ff0005c
#define DPORT_PRO_DCACHE_DBUG0 0x3ff003f0
#define DPORT_CPU_INTR_FROM_CPU_0 0x3ff000dc
#define DPORT_PRO_MAC_INTR_MAP 0x3ff00104
#define DPORT_APP_MAC_INTR_MAP 0x3ff00218
#define DPORT_PRO_FLASH_MMU_TABLE 0x3ff10000
#define DPORT_APP_FLASH_MMU_TABLE 0x3ff12000

/* RTC_CNTL */
#define RTC_CNTL_OPTIONS0 0x3ff48000
#define RTC_CNTL_CLK_CONF 0x3ff48070
#define RTC_CNTL_SDIO_CONF 0x3ff48074
#define RTC_CNTL_SW_CPU_STALL 0x3ff480ac
#define RTC_CNTL_REG 0x3ff4807c
#define RTC_CNTL_RESET_STATE 0x3ff48034
#define RTC_CNTL_STORE0 0x3ff4804c
#define RTC_CNTL_WDTCONFIG0 0x3ff4808c
#define RTC_CNTL_WDTFEED 0x3ff480a0
#define RTC_CNTL_WDTWPROTECT 0x3ff480a4
#define RTC_CNTL_STORE5 0x3ff480b4
#define WDT_UNLOCK_KEY 0x50d83aa1

/* SYSCON and the analog I2C master: one word for each host, and the blocks that its bus reaches. */
#define SYSCON_SYSCLK_CONF 0x3ff66000
#define REGI2C_HOST4 0x3ff4e010
#define ANA_CONFIG 0x3ff4e044

/* Fuses */
#define EFUSE_BLK0_RDATA3 0x3ff5a00c
#define EFUSE_BLK0_RDATA4 0x3ff5a010

/* SPI0, the cache's controller */
#define SPI0_CTRL 0x3ff43008
#define SPI0_CTRL2 0x3ff43014
#define SPI0_CLOCK 0x3ff43018
#define SPI0_USER 0x3ff4301c
#define SPI0_USER1 0x3ff43020
#define SPI0_CACHE_FCTRL 0x3ff43050
#define SPI0_EXT2 0x3ff430f8

/* SHA accelerator */
#define SHA_TEXT0 0x3ff03000
#define SHA_SHA256_START 0x3ff03090
#define SHA_SHA256_CONTINUE 0x3ff03094
#define SHA_SHA256_LOAD 0x3ff03098
#define SHA_SHA256_BUSY 0x3ff0309c

/* UART0; its FIFO is written at the AHB address, as the silicon's errata ask. */
#define UART0_FIFO 0x3ff40000
#define UART0_FIFO_AHB 0x60000000
#define UART0_INT_RAW 0x3ff40004
#define UART0_INT_ST 0x3ff40008
#define UART0_INT_ENA 0x3ff4000c
#define UART0_INT_CLR 0x3ff40010
#define UART0_CLKDIV 0x3ff40014
#define UART0_STATUS 0x3ff4001c
#define UART0_CONF0 0x3ff40020
#define UART0_CONF1 0x3ff40024

/* TIMG0 */
#define TIMG0_T0CONFIG 0x3ff5f000
#define TIMG0_T0LO 0x3ff5f004
#define TIMG0_T0HI 0x3ff5f008
#define TIMG0_T0UPDATE 0x3ff5f00c
#define TIMG0_T0ALARMLO 0x3ff5f010
#define TIMG0_T0ALARMHI 0x3ff5f014
#define TIMG0_T0LOADLO 0x3ff5f018
#define TIMG0_T0LOADHI 0x3ff5f01c
#define TIMG0_T0LOAD 0x3ff5f020
#define TIMG0_WDTCONFIG0 0x3ff5f048
#define TIMG0_WDTCONFIG1 0x3ff5f04c
#define TIMG0_WDTCONFIG2 0x3ff5f050
#define TIMG0_WDTFEED 0x3ff5f060
#define TIMG0_WDTWPROTECT 0x3ff5f064
#define TIMG0_INT_ENA 0x3ff5f098
#define TIMG0_INT_CLR 0x3ff5f0a4
#define TIMG1_WDTCONFIG0 0x3ff60048
#define TIMG1_WDTWPROTECT 0x3ff60064

/* GPIO and IO_MUX */
#define GPIO_STRAP 0x3ff44038
#define GPIO_OUT_W1TS 0x3ff44008
#define GPIO_OUT_W1TC 0x3ff4400c
#define GPIO_OUT1_W1TS 0x3ff44014
#define GPIO_OUT1_W1TC 0x3ff44018
#define GPIO_ENABLE_W1TS 0x3ff44024
#define GPIO_ENABLE_W1TC 0x3ff44028
#define GPIO_ENABLE1_W1TS 0x3ff44030
#define GPIO_ENABLE1_W1TC 0x3ff44034
#define GPIO_IN 0x3ff4403c
#define GPIO_IN1 0x3ff44040
#define GPIO_STATUS 0x3ff44044
#define GPIO_STATUS_W1TC 0x3ff4404c
#define GPIO_STATUS1 0x3ff44050
#define GPIO_STATUS1_W1TC 0x3ff44058
#define GPIO_PIN0 0x3ff44088
#define GPIO_FUNC0_IN_SEL_CFG 0x3ff44130
#define GPIO_FUNC0_OUT_SEL_CFG 0x3ff44530
#define IO_MUX_BASE 0x3ff49000

/* TIMER1 of TIMG0 */
#define TIMG0_T1CONFIG 0x3ff5f024
#define TIMG0_T1ALARMLO 0x3ff5f034
#define TIMG0_T1ALARMHI 0x3ff5f038
#define TIMG0_T1LOADLO 0x3ff5f03c
#define TIMG0_T1LOADHI 0x3ff5f040
#define TIMG0_T1LOAD 0x3ff5f044

/* I2C0; its TX FIFO is written at the AHB address, its RX FIFO read at the other, as the errata ask. */
#define I2C0_SCL_LOW_PERIOD 0x3ff53000
#define I2C0_CTR 0x3ff53004
#define I2C0_SR 0x3ff53008
#define I2C0_TO 0x3ff5300c
#define I2C0_FIFO_CONF 0x3ff53018
#define I2C0_DATA 0x3ff5301c
#define I2C0_DATA_AHB 0x6001301c
#define I2C0_INT_RAW 0x3ff53020
#define I2C0_INT_CLR 0x3ff53024
#define I2C0_INT_ENA 0x3ff53028
#define I2C0_SDA_HOLD 0x3ff53030
#define I2C0_SDA_SAMPLE 0x3ff53034
#define I2C0_SCL_HIGH_PERIOD 0x3ff53038
#define I2C0_SCL_START_HOLD 0x3ff53040
#define I2C0_SCL_RSTART_SETUP 0x3ff53044
#define I2C0_SCL_STOP_HOLD 0x3ff53048
#define I2C0_SCL_STOP_SETUP 0x3ff5304c
#define I2C0_SCL_FILTER_CFG 0x3ff53050
#define I2C0_SDA_FILTER_CFG 0x3ff53054
#define I2C0_COMD0 0x3ff53058

/* SPI2 (HSPI) */
#define SPI2_CMD 0x3ff64000
#define SPI2_CTRL 0x3ff64008
#define SPI2_CTRL2 0x3ff64014
#define SPI2_CLOCK 0x3ff64018
#define SPI2_USER 0x3ff6401c
#define SPI2_MOSI_DLEN 0x3ff64028
#define SPI2_MISO_DLEN 0x3ff6402c
#define SPI2_PIN 0x3ff64034
#define SPI2_SLAVE 0x3ff64038
#define SPI2_W0 0x3ff64080

/* Signals of the GPIO matrix */
#define HSPICLK_OUT_IDX 8
#define HSPIQ_IN_IDX 9
#define HSPID_OUT_IDX 10
#define I2CEXT0_SCL_IDX 29
#define I2CEXT0_SDA_IDX 30

/* Peripheral interrupt sources: index of the map registers */
#define ETS_TG0_T0_LEVEL_INTR_SOURCE 14
#define ETS_TG0_T1_LEVEL_INTR_SOURCE 15
#define ETS_GPIO_INTR_SOURCE 22
#define ETS_FROM_CPU_INTR0_SOURCE 24
#define ETS_UART0_INTR_SOURCE 34
#define ETS_I2C_EXT0_INTR_SOURCE 49
#define INTR_MAP_DISABLED 16

#endif
