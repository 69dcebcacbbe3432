/* Writing to encrypted flash: the flash encryption block encrypts 32 bytes for an address, SPI1 then writes its output
   in place of its own buffer (TRM chapter "External Memory Encryption and Decryption"). */
#include "rom.h"

#define SLAVE_SPI_CONFIG REG(DPORT + 0xc8)
#define SPI_ENCRYPT_ENABLE (BIT(0) | BIT(8))
#define ENCRYPTION 0x3ff5b000u
#define ENCRYPTION_BUFFER(i) REG(ENCRYPTION + (i) * 4)
#define ENCRYPTION_START REG(ENCRYPTION + 0x20)
#define ENCRYPTION_ADDRESS REG(ENCRYPTION + 0x24)
#define ENCRYPTION_DONE REG(ENCRYPTION + 0x28)

int esp_rom_spiflash_write(u32 to, const u32 *from, int length);

void esp_rom_spiflash_write_encrypted_enable(void) { SLAVE_SPI_CONFIG |= SPI_ENCRYPT_ENABLE; }
void esp_rom_spiflash_write_encrypted_disable(void) { SLAVE_SPI_CONFIG &= ~SPI_ENCRYPT_ENABLE; }

/* 1 when the address is not a multiple of 32. */
int esp_rom_spiflash_prepare_encrypted_data(u32 address, const u32 *data) {
  if (address & 31) return 1;
  ENCRYPTION_ADDRESS = address;
  for (u32 i = 0; i < 8; i++) ENCRYPTION_BUFFER(i) = data[i];
  ENCRYPTION_START = 1;
  while ((ENCRYPTION_DONE & 1) == 0) {
  }
  return 0;
}

int esp_rom_spiflash_write_encrypted(u32 address, const u32 *data, u32 length) {
  if ((address | length) & 31) return 1;
  int failed = 0;
  esp_rom_spiflash_write_encrypted_enable();
  for (u32 at = 0; at < length && !failed; at += 32) {
    failed = esp_rom_spiflash_prepare_encrypted_data(address + at, data + at / 4);
    if (!failed) failed = esp_rom_spiflash_write(address + at, data + at / 4, 32);
  }
  esp_rom_spiflash_write_encrypted_disable();
  return failed;
}
