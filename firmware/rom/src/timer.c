/* ETS timers on FRC timer 2: APB_CLK / 16, 5 ticks a microsecond at 80 MHz. The list is in order of time; the alarm
   belongs to its first. Expired timers run in task 31. */
#include "rom.h"

typedef struct Timer {
  struct Timer *next;
  u32 expires, period;
  void (*function)(void *);
  void *argument;
} Timer;

/* A timer that is in no list. */
#define UNARMED ((Timer *)0xffffffffu)
#define FRC2 0x3ff47020u
#define LOAD REG(FRC2 + 0x00)
#define COUNT REG(FRC2 + 0x04)
#define CTRL REG(FRC2 + 0x08)
#define ALARM REG(FRC2 + 0x10)
#define ENABLE_DIVIDED_BY_16 0x84
/* Ticks that an alarm must lie ahead. */
#define MARGIN 640
enum { INTERRUPT = 10, TASK = 31, QUEUE = 4 };

extern Timer *ets_timers;
extern u32 ets_timer_queue[], ets_last_timer[2];

void ets_intr_lock(void);
void ets_intr_unlock(void);
void ets_isr_attach(u32 interrupt, void *handler, void *argument);
void ets_isr_unmask(u32 mask);
void ets_task(void *task, u8 priority, void *queue, u8 length);
int ets_post(u8 priority, u32 signal, u32 parameter);

static void set_alarm(u32 at) {
  u32 now = COUNT;
  int ahead = (int)(at - now);
  if (ahead <= 0) at = now + MARGIN;
  else if (ahead <= MARGIN) at += MARGIN + 4;
  ALARM = at;
}

static void insert(u32 expires, Timer *timer) {
  Timer **place = &ets_timers;
  while (*place && (int)((*place)->expires - expires) < 1) place = &(*place)->next;
  timer->next = *place;
  timer->expires = expires;
  *place = timer;
  if (place == &ets_timers) set_alarm(expires);
}

__attribute__((noreturn)) static void misuse(const char *what) {
  ets_printf("open ROM: %s a timer that is armed\n", what);
  for (;;) {
  }
}

void ets_timer_setfn(Timer *timer, void (*function)(void *), void *argument) {
  *timer = (Timer){UNARMED, 0, 0, function, argument};
}

static void arm(Timer *timer, u32 ticks, u8 repeats) {
  if (timer->next != UNARMED) misuse("ets_timer_arm of");
  if (repeats) timer->period = ticks;
  ets_intr_lock();
  insert(COUNT + ticks, timer);
  ets_intr_unlock();
}

void ets_timer_arm(Timer *timer, u32 milliseconds, u8 repeats) { FROM_CALLER(repeats); arm(timer, milliseconds * 5000, repeats); }
void ets_timer_arm_us(Timer *timer, u32 microseconds, u8 repeats) { FROM_CALLER(repeats); arm(timer, microseconds * 5, repeats); }

void ets_timer_disarm(Timer *timer) {
  ets_intr_lock();
  for (Timer **place = &ets_timers; *place; place = &(*place)->next) {
    if (*place != timer) continue;
    *place = timer->next;
    break;
  }
  ets_intr_unlock();
  timer->next = UNARMED;
  timer->period = 0;
}

void ets_timer_done(Timer *timer) {
  if (timer->next != UNARMED) misuse("ets_timer_done of");
  timer->expires = timer->period = 0;
  timer->function = 0;
  timer->argument = 0;
}

/* Runs what has expired, the first of the list after the other. */
void ets_timer_handler_isr(void) {
  ets_intr_lock();
  for (;;) {
    Timer *timer = ets_timers;
    if (timer == 0) break;
    if ((int)(timer->expires - COUNT) > 0) {
      set_alarm(timer->expires);
      break;
    }
    ets_last_timer[0] = (u32)timer;
    ets_last_timer[1] = (u32)timer->function;
    ets_timers = timer->next;
    timer->next = UNARMED;
    ets_intr_unlock();
    timer->function(timer->argument);
    ets_intr_lock();
    if (timer->next == UNARMED && timer->period) insert(timer->expires + timer->period, timer);
  }
  ets_intr_unlock();
}

static void timer_interrupt(void) { ets_post(TASK, 0, 0); }

static void timer_task(const u32 *event) {
  if (*event == 0) ets_timer_handler_isr();
}

void ets_timer_init(void) {
  ets_timers = 0;
  ets_isr_attach(INTERRUPT, timer_interrupt, 0);
  ets_isr_unmask(1 << INTERRUPT);
  ets_task(timer_task, TASK, ets_timer_queue, QUEUE);
  ALARM = 0;
  CTRL = ENABLE_DIVIDED_BY_16;
  LOAD = 0;
}
