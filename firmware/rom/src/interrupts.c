/* The interrupt matrix, and XTOS's tables of handlers, each CPU's own. The tables hold the published addresses of the
   default handlers, as the mask ROM's do. Level-1 handlers run at their level, the highest interrupt number first.
   **Not modelled:** handlers written in assembly, C handlers of levels 4 and 5, nesting within a level. */
#include "rom.h"

typedef struct {
  u32 pc, ps, sar, vpri, a2, a3, a4, a5, exccause;
} Frame;

typedef void (*Handler)(void *, u32);

typedef struct {
  Handler handler;
  void *argument;
} Interrupt;

/* rom.ld; an interrupt's row is at 31 - its number. */
extern u32 xtos_assembly_handlers[64];
extern Handler xtos_handlers[64];
extern Interrupt xtos_interrupts[32];
extern u32 xtos_state[2];

#define NONE ((Handler)0x4000bfd4)
#define UNHANDLED_INTERRUPT ((Handler)0x4000c01c)
#define UNHANDLED_EXCEPTION 0x4000c024
#define SYSCALL_HANDLER 0x40000790
#define INTERRUPT_HANDLER 0x40000814
#define ALLOCA_HANDLER 0x40000010
#define BUS_ERROR_HANDLER 0x40000dd8
#define C_WRAPPER 0x40000de8
enum { SYSCALL = 1, LEVEL1_INTERRUPT = 4, ALLOCA = 5 };

/* Interrupts of each level of the LX6 as the ESP32 has it; 14 is the NMI. */
static const u32 levels[6] = {0, 0x000637ff, 0x00380000, 0x28c08800, 0x53000000, 0x84010000};
#define NMI_MASK 0x00004000u

u32 xthal_get_interrupt(void);
u32 xthal_get_intenable(void);
void xthal_set_intclear(u32 mask);
void xthal_window_spill(void);
u32 _xtos_set_intlevel(u32 level);
u32 _xtos_ints_on(u32 mask);
u32 _xtos_ints_off(u32 mask);
int __clzsi2(u32 value);
void report_exception(u32 vector, u32 pc) __attribute__((noreturn));

void intr_matrix_set(int cpu, u32 source, u32 interrupt) {
  REG(DPORT + (cpu ? 0x218 : 0x104) + source * 4) = interrupt;
}

void xtos_start(void) {
  for (u32 i = 0; i < 64; i++) {
    xtos_handlers[i] = NONE;
    xtos_assembly_handlers[i] = i >= 12 && i < 16 ? BUS_ERROR_HANDLER : UNHANDLED_EXCEPTION;
  }
  xtos_assembly_handlers[SYSCALL] = SYSCALL_HANDLER;
  xtos_assembly_handlers[LEVEL1_INTERRUPT] = INTERRUPT_HANDLER;
  xtos_assembly_handlers[ALLOCA] = ALLOCA_HANDLER;
  for (u32 i = 0; i < 32; i++) xtos_interrupts[31 - i] = (Interrupt){UNHANDLED_INTERRUPT, (void *)i};
  xtos_state[0] = 0;
  xtos_state[1] = 0xffffffffu;
}

/* No handler (0) takes the present one away. Returns the one before, 0 if there was none. */
Handler _xtos_set_exception_handler(u32 cause, Handler handler) {
  if (cause > 63) return 0;
  Handler before = xtos_handlers[cause];
  xtos_handlers[cause] = handler ? handler : NONE;
  xtos_assembly_handlers[cause] = xtos_handlers[cause] == NONE ? UNHANDLED_EXCEPTION : C_WRAPPER;
  return before == NONE ? 0 : before;
}

Handler _xtos_set_interrupt_handler_arg(u32 interrupt, Handler handler, void *argument) {
  if (interrupt > 31 || NMI_MASK >> interrupt & 1) return 0;
  Interrupt *row = &xtos_interrupts[31 - interrupt];
  Handler before = row->handler;
  *row = handler ? (Interrupt){handler, argument} : (Interrupt){UNHANDLED_INTERRUPT, (void *)interrupt};
  return before == UNHANDLED_INTERRUPT ? 0 : before;
}

Handler _xtos_set_interrupt_handler(u32 interrupt, Handler handler) {
  return _xtos_set_interrupt_handler_arg(interrupt, handler, (void *)interrupt);
}

void ets_isr_attach(u32 interrupt, Handler handler, void *argument) {
  _xtos_set_interrupt_handler_arg(interrupt, handler, argument);
}

void ets_isr_mask(u32 mask) { _xtos_ints_off(mask); }
void ets_isr_unmask(u32 mask) { _xtos_ints_on(mask); }

static void dispatch(u32 level, const Frame *frame) {
  for (;;) {
    u32 pending = xthal_get_interrupt() & xthal_get_intenable() & levels[level];
    if (pending == 0) return;
    u32 interrupt = 31 - (u32)__clzsi2(pending);
    const Interrupt *row = &xtos_interrupts[31 - interrupt];
    if (row->handler == UNHANDLED_INTERRUPT) report_exception(level == 1 ? 9 : level, frame->pc);
    xthal_set_intclear(1u << interrupt);
    _xtos_set_intlevel(level);
    row->handler(row->argument, (u32)frame);
  }
}

/* Called by arch/exceptions.S with interrupts up to level 3 off. */
void medium_interrupts(u32 level, const Frame *frame) { dispatch(level, frame); }

/* A C handler takes the place of the one in assembly, for interrupts and SYSCALL too. */
void user_exception(Frame *frame) {
  u32 cause = frame->exccause & 63, assembly = xtos_assembly_handlers[cause];
  if (assembly == INTERRUPT_HANDLER) {
    dispatch(1, frame);
  } else if (assembly == SYSCALL_HANDLER) {
    /* 0 spills the windows; nothing else is defined. */
    frame->pc += 3;
    if (frame->a2 == 0) xthal_window_spill();
    else frame->a2 = 0xffffffffu;
  } else if (xtos_handlers[cause] != NONE) {
    _xtos_set_intlevel(frame->ps & 15);
    xtos_handlers[cause](frame, cause);
  } else {
    report_exception(9, frame->pc);
  }
}
