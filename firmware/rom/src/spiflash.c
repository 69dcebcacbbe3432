/* The flash chip through SPI1 (commands) and SPI0 (the cache's reads). The two share the pads. */
#include "rom.h"

#define CMD REG(SPI1 + 0x00)
#define ADDR REG(SPI1 + 0x04)
#define RD_STATUS REG(SPI1 + 0x10)
#define CTRL(n) REG(((n) ? SPI1 : SPI0) + 0x08)
#define CLOCK(n) REG(((n) ? SPI1 : SPI0) + 0x18)
#define USER(n) REG(((n) ? SPI1 : SPI0) + 0x1c)
#define USER1(n) REG(((n) ? SPI1 : SPI0) + 0x20)
#define USER2(n) REG(((n) ? SPI1 : SPI0) + 0x24)
#define MOSI_DLEN REG(SPI1 + 0x28)
#define MISO_DLEN REG(SPI1 + 0x2c)
#define W(i) REG(SPI1 + 0x80 + (i) * 4)
#define EXT2(n) REG(((n) ? SPI1 : SPI0) + 0xf8)

#define FLASH_READ BIT(31)
#define FLASH_WREN BIT(30)
#define FLASH_WRDI BIT(29)
#define FLASH_RDSR BIT(27)
#define FLASH_WRSR BIT(26)
#define FLASH_PP BIT(25)
#define FLASH_SE BIT(24)
#define FLASH_BE BIT(23)
#define FLASH_CE BIT(22)
#define FLASH_RES BIT(20)
#define FLASH_USR BIT(18)

#define FREAD_QIO BIT(24)
#define FREAD_DIO BIT(23)
#define WRSR_2B BIT(22)
#define WP_HIGH BIT(21)
#define FREAD_QUAD BIT(20)
#define FREAD_DUAL BIT(14)
#define FASTRD BIT(13)

#define OK 0
#define ERROR 1

static const FlashChip *const chip = &g_rom_flashchip;

static void command(u32 bits) {
  CMD = bits;
  while (CMD != 0) {
  }
}

static void wait_bus(void) {
  while ((EXT2(1) & 7) || (EXT2(0) & 7)) {
  }
}

int esp_rom_spiflash_read_status(FlashChip *spi, u32 *status) {
  u32 value;
  do {
    RD_STATUS = 0;
    command(FLASH_RDSR);
    value = RD_STATUS & spi->status_mask;
  } while (value & 1);
  *status = value;
  return OK;
}

/* A command of one byte that answers one byte. */
int esp_rom_spiflash_read_user_cmd(u32 *status, u8 code) {
  FROM_CALLER(code);
  wait_bus();
  u32 control = CTRL(1), user = USER(1), user1 = USER1(1), user2 = USER2(1);
  CTRL(1) = 0;
  USER(1) = BIT(31) | BIT(28);
  USER2(1) = 7u << 28 | code;
  MISO_DLEN = 7;
  W(0) = 0;
  command(FLASH_USR);
  *status = W(0) & 0xff;
  CTRL(1) = control;
  USER(1) = user;
  USER1(1) = user1;
  USER2(1) = user2;
  return OK;
}

int esp_rom_spiflash_read_statushigh(FlashChip *spi, u32 *status) {
  (void)spi;
  u32 high;
  esp_rom_spiflash_read_user_cmd(&high, 0x35);
  *status = high << 8;
  return OK;
}

static int wait_idle(void) {
  u32 status;
  wait_bus();
  return esp_rom_spiflash_read_status(&g_rom_flashchip, &status);
}

int SPI_Wait_Idle(void) { return wait_idle(); }

int SPI_write_enable(void) {
  u32 status;
  wait_idle();
  command(FLASH_WREN);
  do {
    esp_rom_spiflash_read_status(&g_rom_flashchip, &status);
  } while (!(status & 2));
  return OK;
}

int esp_rom_spiflash_enable_write(FlashChip *spi) {
  (void)spi;
  return SPI_write_enable();
}

int esp_rom_spiflash_write_status(FlashChip *spi, u32 value) {
  (void)spi;
  wait_idle();
  RD_STATUS = value;
  command(FLASH_WRSR);
  return wait_idle();
}

static u32 clock_of(u8 divider) {
  if (divider < 2) return BIT(31);
  return (divider - 1u) << 12 | (divider / 2u - 1) << 6 | (divider - 1u);
}

int esp_rom_spiflash_config_clk(u8 divider, u8 spi) {
  FROM_CALLER(divider); FROM_CALLER(spi);
  wait_idle();
  CLOCK(spi) = clock_of(divider);
  return OK;
}

/* SPI0's read command: one byte, then address clocks and dummy clocks (both one less), then data. */
static void cache_read(u32 code, u32 address_bits, u32 dummy, u32 has_dummy) {
  USER(0) = (USER(0) & ~(BIT(29) | BIT(27))) | BIT(31) | BIT(30) | BIT(28) | (has_dummy ? BIT(29) : 0);
  USER1(0) = (USER1(0) & ~(63u << 26)) | (address_bits - 1) << 26;
  if (has_dummy) USER1(0) = (USER1(0) & ~255u) | (dummy - 1 + g_rom_spiflash_dummy_len_plus[0]);
  USER2(0) = 7u << 28 | code;
}

/* QIO sends the mode bits as the last eight of 32 address bits. 0 QIO, 1 QOUT, 2 DIO, 3 DOUT, 4 fast read, 5 slow read. The quad enable bit is the caller's. */
int esp_rom_spiflash_config_readmode(u32 mode) {
  static const u32 bits[] = {FREAD_QIO | FASTRD,  FREAD_QUAD | FASTRD, FREAD_DIO | FASTRD,
                             FREAD_DUAL | FASTRD, FASTRD,              0};
  u32 all = FREAD_QIO | FREAD_QUAD | FREAD_DIO | FREAD_DUAL | FASTRD;
  if (mode > 5) return ERROR;
  wait_bus();
  for (int n = 0; n < 2; n++) CTRL(n) = (CTRL(n) & ~all) | bits[mode];
  if (mode == 0) cache_read(0xeb, 32, 4, 1);
  else if (mode == 1) cache_read(0x6b, 24, 8, 1);
  else if (mode == 2) cache_read(0xbb, 24, 4, 1);
  else if (mode == 3) cache_read(0x3b, 24, 8, 1);
  else if (mode == 4) cache_read(0x0b, 24, 8, 1);
  else cache_read(0x03, 24, 0, 0);
  return OK;
}

/* IO_MUX function 1 of the default pads is SPI; drive strength 2, the clock's 1. HD and WP, the last two, keep their
   function until a quad mode is chosen. */
static void default_pads(void) {
  static const u8 gpios[] = {6, 7, 8, 11, 9, 10};
  static const u8 mux[] = {0x60, 0x64, 0x68, 0x5c, 0x54, 0x58};
  for (int i = 0; i < 6; i++) {
    gpio_pad_set_drv(gpios[i], i == 0 ? 1 : 2);
    gpio_pad_pullup(gpios[i]);
    if (i < 4) REG(IO_MUX + mux[i]) = (REG(IO_MUX + mux[i]) & ~(7u << 12)) | 1u << 12;
  }
}

/* Pads by fuses: each line through the GPIO matrix (signals of SPI: clk 0, q 1, d 2, hd 3, cs0 5). */
static void matrix_pads(u32 pads) {
  static const u8 signals[] = {0, 1, 2, 5, 3};
  for (int i = 0; i < 5; i++) {
    u32 gpio = pads >> (i * 6) & 63;
    gpio_pad_select_gpio((u8)gpio);
    gpio_matrix_out(gpio, signals[i], 0, 0);
    if (i == 1 || i == 2 || i == 4) gpio_matrix_in(gpio, signals[i], 0);
  }
}

/* Pads and a slow single-line mode: CPU clock / 4 on both controllers. `legacy` is ignored. */
void esp_rom_spiflash_attach(u32 pads, u32 legacy) {
  (void)legacy;
  if (pads < 2) default_pads();
  else matrix_pads(pads);
  CLOCK(1) = CLOCK(0) = clock_of(4);
  CTRL(1) = BIT(15) | WP_HIGH;
  CTRL(0) = WP_HIGH;
  /* A cache line is 32 bytes. */
  REG(SPI0 + 0x2c) = REG(SPI0 + 0x28) = 255;
  cache_read(0x03, 24, 0, 0);
  REG(SPI0 + 0xfc) = 3;
  REG(SPI0 + 0x50) |= 4;
  command(FLASH_RES);
  REG(SPI1 + 0xfc) = 3;
}

int esp_rom_spiflash_config_param(u32 id, u32 size, u32 block, u32 sector, u32 page, u32 mask) {
  g_rom_flashchip = (FlashChip){id, size, block, sector, page, mask};
  return OK;
}

int esp_rom_spiflash_unlock(void) {
  u32 status;
  wait_idle();
  esp_rom_spiflash_read_statushigh(&g_rom_flashchip, &status);
  SPI_write_enable();
  CTRL(1) |= WRSR_2B;
  return esp_rom_spiflash_write_status(&g_rom_flashchip, status & 0x200);
}

int esp_rom_spiflash_lock(void) {
  u32 status;
  wait_idle();
  esp_rom_spiflash_read_statushigh(&g_rom_flashchip, &status);
  SPI_write_enable();
  CTRL(1) |= WRSR_2B;
  return esp_rom_spiflash_write_status(&g_rom_flashchip, (status & 0x200) | 0x1c);
}

int esp_rom_spiflash_erase_chip(void) {
  SPI_write_enable();
  command(FLASH_CE);
  return wait_idle();
}

static int erase(u32 address, u32 kind) {
  SPI_write_enable();
  ADDR = address & 0xffffff;
  command(kind);
  return wait_idle();
}

int esp_rom_spiflash_erase_block(u32 block) {
  if (block >= chip->chip_size / chip->block_size) return ERROR;
  return erase(block * chip->block_size, FLASH_BE);
}

int esp_rom_spiflash_erase_sector(u32 sector) {
  if (sector >= chip->chip_size / chip->sector_size) return ERROR;
  return erase(sector * chip->sector_size, FLASH_SE);
}

int esp_rom_spiflash_erase_area(u32 start, u32 length) {
  if (start + length > chip->chip_size || start + length < start) return ERROR;
  u32 end = start + length;
  u32 at = start / chip->sector_size * chip->sector_size;
  while (at < end) {
    int whole = at % chip->block_size == 0 && end - at >= chip->block_size;
    int failed = whole ? esp_rom_spiflash_erase_block(at / chip->block_size)
                       : esp_rom_spiflash_erase_sector(at / chip->sector_size);
    if (failed) return ERROR;
    at += whole ? chip->block_size : chip->sector_size;
  }
  return OK;
}

/* At most 32 bytes a command, none across a page. Address and length in words. */
int esp_rom_spiflash_write(u32 to, const u32 *from, int length) {
  if (length < 0 || to + (u32)length > chip->chip_size) return ERROR;
  if ((to & 3) || (length & 3)) return ERROR;
  while (length > 0) {
    u32 count = chip->page_size - to % chip->page_size;
    if (count > 32) count = 32;
    if (count > (u32)length) count = (u32)length;
    SPI_write_enable();
    ADDR = (to & 0xffffff) | count << 24;
    for (u32 i = 0; i < count / 4; i++) W(i) = *from++;
    command(FLASH_PP);
    wait_idle();
    to += count;
    length -= (int)count;
  }
  return OK;
}

/* At most 64 bytes a command, in the mode that CTRL holds; the length is the address's top byte. */
int esp_rom_spiflash_read(u32 from, u32 *to, int length) {
  if (length < 0 || from + (u32)length > chip->chip_size || (length & 3)) return ERROR;
  wait_idle();
  while (length > 0) {
    u32 count = length > 64 ? 64 : (u32)length;
    ADDR = (from & 0xffffff) | count << 24;
    command(FLASH_READ);
    for (u32 i = 0; i < count / 4; i++) *to++ = W(i);
    from += count;
    length -= (int)count;
  }
  return OK;
}

/* HD and WP for the quad modes: IO_MUX function 1 of the default pads; WP of others goes through the matrix (signal
   4), their HD does already. */
void esp_rom_spiflash_select_qio_pins(u8 wp, u32 pads) {
  FROM_CALLER(wp);
  if (pads < 2) {
    REG(IO_MUX + 0x54) = (REG(IO_MUX + 0x54) & ~(7u << 12)) | 1u << 12;
    REG(IO_MUX + 0x58) = (REG(IO_MUX + 0x58) & ~(7u << 12)) | 1u << 12;
    return;
  }
  gpio_pad_select_gpio(wp);
  gpio_matrix_out(wp, 4, 0, 0);
  gpio_matrix_in(wp, 4, 0);
}
