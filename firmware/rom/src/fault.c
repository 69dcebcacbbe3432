/* What the ROM says when something is missing or wrong. */
#include "rom.h"

u32 read_special(u32 which);
u32 _xtos_set_intlevel(u32 level);

PERCPU u32 fatal_stack[64];

const char rom_version[] = "Lockstep32 open ROM 1.0";

static void report(u32 vector, u32 pc) {
  static const char *const names[] = {"Kernel", 0, "Level2", "Level3", "Level4", "Level5", "Debug", "NMI", "Double", "User"};
  ets_install_uart_printf();
  ets_printf("open ROM: %s vector without a handler, EXCCAUSE %d, EXCVADDR 0x%08x\n", names[vector % 10],
             read_special(0), read_special(1));
  ets_printf("open ROM: EPC1 0x%08x, EPC%d 0x%08x, core halted\n", pc, vector, read_special(vector));
}

void fatal_exception(u32 vector) { report(vector, read_special(2)); }

/* Of an exception or interrupt in a frame at `pc`: EPC1 may have served window exceptions since. */
__attribute__((noreturn)) void report_exception(u32 vector, u32 pc) {
  report(vector, pc);
  _xtos_set_intlevel(15);
  for (;;) {
  }
}

/* Instruction ROM is read by words; the name follows the slot, where there was room for it. */
void report_unimplemented(u32 slot) {
  char name[48];
  u32 n = 0;
  u32 marked = (REG(slot + 8) & 0xff) == 0x7f;
  for (u32 at = slot + 9; marked && n < sizeof name - 1; at++) {
    char c = (char)(REG(at & ~3u) >> (at & 3) * 8);
    if (c < 33 || c > 126) break;
    name[n++] = c;
  }
  name[n] = 0;
  ets_install_uart_printf();
  ets_printf("\nopen ROM: function at 0x%08x (%s) is not implemented\n", slot, n ? name : "see firmware/rom/functions.txt");
}
