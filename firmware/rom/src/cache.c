/* The flash cache of each CPU and its MMU (TRM chapter "System and Memory", DPORT registers). */
#include "rom.h"

#define CACHE_CTRL(cpu) REG(DPORT + ((cpu) ? 0x58 : 0x40))
#define CACHE_CTRL1(cpu) REG(DPORT + ((cpu) ? 0x5c : 0x44))
#define FLUSH_DONE BIT(5)
#define FLUSH_ENA BIT(4)
#define ENABLE BIT(3)
#define MMU(cpu, entry) REG(((cpu) ? 0x3ff12000u : 0x3ff10000u) + (entry) * 4)
#define MMU_PAGE_64KB 0
/* SPI_CACHE_FCTRL-side switch of SPI0: bit 0 lets the cache issue reads (EXT2 is its register at 0x50). */
#define SPI0_CACHE REG(SPI0 + 0x50)

void mmu_init(int cpu) {
  for (u32 i = 0; i < 256; i++) MMU(cpu, i) = 0;
}

void Cache_Flush(int cpu) {
  CACHE_CTRL(cpu) &= ~FLUSH_ENA;
  CACHE_CTRL(cpu) |= FLUSH_ENA;
  while ((CACHE_CTRL(cpu) & FLUSH_DONE) == 0) {
  }
  CACHE_CTRL(cpu) &= ~FLUSH_ENA;
}

void Cache_Read_Enable(int cpu) {
  SPI0_CACHE |= 1;
  CACHE_CTRL(cpu) |= ENABLE;
}

/* SPI0 is taken from the cache when no other CPU uses it and it is idle. */
void Cache_Read_Disable(int cpu) {
  CACHE_CTRL(cpu) &= ~ENABLE;
  if (CACHE_CTRL(!cpu) & ENABLE) return;
  while (REG(SPI0 + 0xf8) & 7) {
  }
  SPI0_CACHE &= ~1u;
}

typedef struct {
  u32 vaddr, entry;
} Window;

/* First entry of each window of 64 pages: DROM0, IRAM0, IRAM1, IROM0. */
static const Window windows[] = {{0x3f400000, 0}, {0x40000000, 64}, {0x40400000, 128}, {0x40800000, 192}};

static int map(int cpu, u32 first, u32 page, int pages) {
  for (int i = 0; i < pages; i++) MMU(cpu, first + i) = page + i;
  return 0;
}

/* 0 when mapped; else 1 alignment, 3 page size, 4 range. Only 64 KB pages exist for flash. */
u32 cache_flash_mmu_set(int cpu, int pid, u32 vaddr, u32 paddr, int page_kb, int pages) {
  if (page_kb != 64) return 3;
  if ((vaddr | paddr) & 0xffff) return 1;
  for (u32 i = 0; i < 4; i++) {
    u32 page = (vaddr - windows[i].vaddr) >> 16;
    if (vaddr < windows[i].vaddr || page >= 64) continue;
    if (page + (u32)pages > 64) return 4;
    u32 control = CACHE_CTRL1(cpu), was = control & 0x3f;
    CACHE_CTRL1(cpu) = control | 0x3f;
    /* PID 0 and 1 share the first 256 entries; each further PID has its own 128. */
    (void)pid;
    map(cpu, windows[i].entry + page, paddr >> 16, pages);
    CACHE_CTRL1(cpu) = (CACHE_CTRL1(cpu) & ~0x3fu) | was;
    return 0;
  }
  return 4;
}

/* PSRAM pages of 32 KB from 0x3f800000: entries 1152 and up. */
u32 cache_sram_mmu_set(int cpu, int pid, u32 vaddr, u32 paddr, int page_kb, int pages) {
  if (page_kb != 32) return 3;
  if ((vaddr | paddr) & 0x7fff) return 1;
  u32 page = (vaddr - 0x3f800000u) >> 15;
  if (vaddr < 0x3f800000u || page + (u32)pages > 128 || pid > 1) return 4;
  /* Page mode 0, in bits 7..6, is 32 KB. */
  u32 control = CACHE_CTRL1(cpu) & ~0xc0u, was = control & 0x3f;
  CACHE_CTRL1(cpu) = control | 0x3f;
  map(cpu, 1152 + page, paddr >> 15, pages);
  CACHE_CTRL1(cpu) = (CACHE_CTRL1(cpu) & ~0x3fu) | was;
  return 0;
}
