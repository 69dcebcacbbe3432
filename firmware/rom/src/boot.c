/* From reset to the entry of the second-stage bootloader (PRO_CPU), or to the start address that PRO_CPU gives
   (APP_CPU). The image format is esptool's: a header of 8 + 16 bytes, segments, one checksum byte.
   **Not modelled:** download over UART or SDIO, secure boot, boot from HSPI, encrypted flash. */
#include "rom.h"

void clock_start(void);
void zone_statics(void);
void rtc_boot_control(u32 *entry);
void xtos_start(void);
void ticks_start(void);
void uart_statics(void);
void efuse_read(void);
u32 xthal_get_ccount(void);
void _xtos_set_intlevel(u32 level);

#define APPCPU_CTRL_D REG(DPORT + 0x38)
#define GPIO_STRAP (REG(GPIO + 0x38) & 63)
#define STRAP_GPIO0 BIT(4)
#define DEEPSLEEP_RESET 5
#define STRAP_GPIO2 BIT(3)
#define IMAGE 0x1000u
#define DROM 0x3f400000u
#define MAGIC 0xe9
#define CHECKSUM_START 0xef
/* Bit 0 of both halves of STORE4: no messages. */
#define QUIET REG(RTC_CNTL + 0xb0)

extern const char rom_version[];
extern u32 user_code_start;

typedef struct {
  u8 magic, segments, mode, size_speed;
  u32 entry;
  u8 wp_pin, drive[3];
  u16 chip_id;
  u8 rest[10];
} ImageHeader;

/* What `ets_run` would start: the entry of the image. */
void ets_set_user_start(u32 entry) { user_code_start = entry; }

void ets_set_appcpu_boot_addr(u32 address) { APPCPU_CTRL_D = address; }

static const char *reset_name(u32 reason) {
  static const char *const names[] = {
      "NO_MEAN",          "POWERON_RESET",    "EXT_SYS_RESET",   "SW_RESET",        "OWDT_RESET",
      "DEEPSLEEP_RESET",  "SDIO_RESET",       "TG0WDT_SYS_RESET", "TG1WDT_SYS_RESET", "RTCWDT_SYS_RESET",
      "INTRUSION_RESET",  "TGWDT_CPU_RESET",  "SW_CPU_RESET",    "RTCWDT_CPU_RESET", "EXT_CPU_RESET",
      "RTCWDT_BROWN_OUT_RESET", "RTCWDT_RTC_RESET"};
  return reason < sizeof(names) / sizeof(*names) ? names[reason] : names[0];
}

static const char *boot_name(u32 strap) {
  static const char *const download[] = {
      "DOWNLOAD_BOOT(UART0/UART1/SDIO_FEI_FEO_V2)", "DOWNLOAD_BOOT(UART0/UART1/SDIO_FEI_REO_V2)",
      "DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_FEO_V2)", "DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2)"};
  if (strap & STRAP_GPIO0) return "SPI_FAST_FLASH_BOOT";
  return download[strap & 3];
}

__attribute__((noreturn)) static void halt(void) {
  for (;;) {
  }
}

static void copy_words(u32 to, u32 from, u32 length, u32 *sum) {
  for (u32 i = 0; i < length; i += 4) {
    u32 word = REG(from + i);
    REG(to + i) = word;
    *sum ^= word;
  }
}

static void print_header(const ImageHeader *h) {
  static const char *const modes[] = {"QIO", "QOUT", "DIO", "DOUT", "FAST_RD", "SLOW_RD"};
  u32 speed = h->size_speed & 15;
  u32 divider = speed == 15 ? 1 : speed == 0 ? 2 : speed == 1 ? 3 : 4;
  ets_printf("configsip: %u, SPIWP:0x%02x\n", ets_efuse_get_spiconfig(), h->wp_pin);
  ets_printf("clk_drv:0x%02x,q_drv:0x%02x,d_drv:0x%02x,cs0_drv:0x%02x,hd_drv:0x%02x,wp_drv:0x%02x\n",
             h->drive[0] & 15, h->drive[0] >> 4, h->drive[1] & 15, h->drive[1] >> 4, h->drive[2] & 15,
             h->drive[2] >> 4);
  ets_printf("mode:%s, clock div:%d\n", h->mode < 6 ? modes[h->mode] : "", divider);
  Cache_Read_Disable(0);
  esp_rom_spiflash_config_clk((u8)divider, 0);
  esp_rom_spiflash_config_clk((u8)divider, 1);
  if (h->mode < 2) esp_rom_spiflash_select_qio_pins(h->wp_pin, ets_efuse_get_spiconfig());
  esp_rom_spiflash_config_readmode(h->mode < 6 ? h->mode : 5);
  Cache_Flush(0);
  Cache_Read_Enable(0);
}

/* The entry address, or 0 after a message. */
static u32 load(void) {
  union {
    ImageHeader header;
    u32 words[6];
  } u;
  u32 at = DROM + IMAGE, sum = 0;
  mmu_init(0);
  cache_flash_mmu_set(0, 0, DROM, 0, 64, 64);
  REG(DPORT + 0x44) &= ~BIT(4);
  Cache_Flush(0);
  Cache_Read_Enable(0);
  for (u32 i = 0; i < 6; i++) u.words[i] = REG(at + i * 4);
  const ImageHeader h = u.header;
  if (h.magic != MAGIC || h.segments == 0 || h.segments > 16) {
    ets_printf("invalid header: 0x%02x%02x%02x%02x\n", h.size_speed, h.mode, h.segments, h.magic);
    Cache_Read_Disable(0);
    return 0;
  }
  if (h.chip_id != 0) {
    ets_printf("wrong chip id 0x%04x\n", h.chip_id);
    Cache_Read_Disable(0);
    return 0;
  }
  print_header(&h);
  at += sizeof h;
  for (u32 i = 0; i < h.segments; i++) {
    u32 to = REG(at), length = REG(at + 4);
    ets_printf("load:0x%08x,len:%d\n", to, length);
    if (length > 0x40000) return 0;
    copy_words(to, at + 8, length, &sum);
    at += 8 + length;
  }
  u32 end = ((at - DROM) | 15) + DROM;
  u32 stored = REG(end & ~3u) >> 24;
  u8 checksum = (u8)(CHECKSUM_START ^ sum ^ sum >> 8 ^ sum >> 16 ^ sum >> 24);
  if (checksum != stored) {
    ets_printf("csum err:0x%02x!=0x%02x\n", checksum, stored);
    return 0;
  }
  /* The mask ROM leaves the MMU with page 0 in every entry. */
  mmu_init(0);
  ets_set_user_start(h.entry);
  ets_printf("entry 0x%08x\n", h.entry);
  return h.entry;
}

static void app_cpu(void) {
  u32 entry;
  while ((entry = APPCPU_CTRL_D) == 0) {
  }
  ((void (*)(void))entry)();
  halt();
}

static u32 log_is_off(void) { return (QUIET & 0x10001) == 0x10001; }

void rom_main(void) {
  ticks_start();
  uart_statics();
  xtos_start();
  if ((read_prid() >> 8 & 0xff) == 0xab) app_cpu();
  clock_start();
  efuse_read();
  zone_statics();
  g_rom_flashchip = (FlashChip){0x1540ef, 0x200000, 0x10000, 0x1000, 0x100, 0xffff};
  uart_start();
  if (!log_is_off()) ets_install_uart_printf();
  u32 strap = GPIO_STRAP, reason = rtc_get_reset_reason(0);
  ets_printf("%s\n", rom_version);
  ets_printf("\nrst:0x%x (%s),boot:0x%x (%s)\n", reason, reset_name(reason), strap, boot_name(strap));
  if (reason == DEEPSLEEP_RESET) {
    rtc_boot_control(&user_code_start);
    if (user_code_start) ((void (*)(void))user_code_start)();
    user_code_start = 0;
  }
  if (!(strap & STRAP_GPIO0)) {
    ets_printf("waiting for download\n");
    halt();
  }
  esp_rom_spiflash_attach(ets_efuse_get_spiconfig(), 0);
  for (;;) {
    u32 entry = load();
    if (entry == 0) continue;
    ((void (*)(void))entry)();
    ets_printf("user code done\n");
    halt();
  }
}
