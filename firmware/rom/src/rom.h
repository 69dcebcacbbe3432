/* What the sources of the open boot ROM share. No variadic functions: the compiler gets them wrong. */
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define REG(address) (*(volatile u32 *)(address))

/* Statics of each CPU: both read this address from the literal, APP_CPU's copy of the ROM holds one that is 0x3f10
   higher (emulator/loader/rom.ts). Statics of both CPUs. Neither is initialised but by zeros. */
#define PERCPU __attribute__((section(".percpu")))
#define SHARED __attribute__((section(".shared")))
#define UNUSED __attribute__((unused))
/* GCC leaves the upper bits of an argument of 8 or 16 bits to the callee; the compiler of this ROM takes them for extended
   by the caller. */
#define FROM_CALLER(argument) __asm__("" : "+r"(argument))

#define DPORT 0x3ff00000u
#define UART0 0x3ff40000u
#define UART1 0x3ff50000u
#define SPI1 0x3ff42000u
#define SPI0 0x3ff43000u
#define GPIO 0x3ff44000u
#define RTC_CNTL 0x3ff48000u
#define RTC_IO 0x3ff48400u
#define IO_MUX 0x3ff49000u
#define EFUSE 0x3ff5a000u
#define TIMG0 0x3ff5f000u

#define BIT(n) (1u << (n))

/* Fixed by the published list of the ROM's data (rom.ld). */
extern u32 g_ticks_per_us;
typedef struct {
  u32 device_id, chip_size, block_size, sector_size, page_size, status_mask;
} FlashChip;
extern FlashChip g_rom_flashchip;
extern u8 g_rom_spiflash_dummy_len_plus[3];

void *memcpy(void *to, const void *from, u32 length);
void *memset(void *to, int value, u32 length);
int memcmp(const void *left, const void *right, u32 length);
u32 strlen(const char *text);

u32 read_prid(void);
int ets_printf(const char *format, ...);
void ets_write_char_uart(char c);
void ets_delay_us(u32 us);
u32 ets_get_detected_xtal_freq(void);
u32 ets_get_apb_freq(void);
u32 rtc_get_reset_reason(int cpu);
void uartAttach(void);
void uart_div_modify(u8 uart, u32 divider);
void uart_tx_wait_idle(u8 uart);
void gpio_matrix_in(u32 gpio, u32 signal, u8 invert);
void gpio_matrix_out(u32 gpio, u32 signal, u8 invert, u8 enable_invert);
void gpio_pad_select_gpio(u8 gpio);
void gpio_pad_set_drv(u8 gpio, u8 drive);
void gpio_pad_pullup(u8 gpio);
u32 ets_efuse_get_spiconfig(void);
void Cache_Flush(int cpu);
void Cache_Read_Enable(int cpu);
void Cache_Read_Disable(int cpu);
void mmu_init(int cpu);
u32 cache_flash_mmu_set(int cpu, int pid, u32 vaddr, u32 paddr, int page_kb, int pages);
void esp_rom_spiflash_attach(u32 pads, u32 legacy);
int esp_rom_spiflash_config_clk(u8 divider, u8 spi);
int esp_rom_spiflash_config_readmode(u32 mode);
void esp_rom_spiflash_select_qio_pins(u8 wp, u32 pads);
void intr_matrix_set(int cpu, u32 source, u32 interrupt);
u32 crc32_le(u32 crc, const u8 *bytes, u32 length);
void ets_install_uart_printf(void);
void uart_start(void);
