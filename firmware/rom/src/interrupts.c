/* The interrupt matrix: which CPU interrupt a peripheral's source raises. */
#include "rom.h"

void intr_matrix_set(int cpu, u32 source, u32 interrupt) {
  REG(DPORT + (cpu ? 0x218 : 0x104) + source * 4) = interrupt;
}
