/* ETS: up to 32 tasks by priority, each with a queue of events, run to completion by ets_run. */
#include "rom.h"

typedef struct {
  u32 signal, parameter;
} Event;

typedef struct {
  void (*task)(Event *);
  Event *queue;
  u8 length, write_at, read_at, used;
  u32 mask;
} Task;

extern Task ets_tasks[32];
extern u32 ets_ready, ets_idle_argument;
extern void (*ets_idle)(u32);
extern u32 ets_startup_callback;

void ets_intr_lock(void);
void ets_intr_unlock(void);
void ets_waiti0(void);
int __clzsi2(u32 value);

void ets_set_idle_cb(void (*idle)(u32), u32 argument) {
  ets_idle = idle;
  ets_idle_argument = argument;
}

void ets_set_startup_callback(u32 callback) { ets_startup_callback = callback; }

/* Priorities count from 1. */
void ets_task(void (*task)(Event *), u8 priority, Event *queue, u8 length) {
  FROM_CALLER(priority); FROM_CALLER(length);
  ets_tasks[priority - 1] = (Task){task, queue, length, 0, 0, 0, 1u << (priority - 1)};
}

/* 1 when the queue is full. */
int ets_post(u8 priority, u32 signal, u32 parameter) {
  FROM_CALLER(priority);
  Task *t = &ets_tasks[priority - 1];
  ets_intr_lock();
  int full = t->used >= t->length;
  if (!full) {
    t->queue[t->write_at++] = (Event){signal, parameter};
    if (t->write_at == t->length) t->write_at = 0;
    t->used++;
    ets_ready |= t->mask;
  }
  ets_intr_unlock();
  return full;
}

__attribute__((noreturn)) void ets_run(void) {
  for (;;) {
    ets_intr_lock();
    if (ets_ready == 0) {
      if (ets_idle) ets_idle(ets_idle_argument);
      ets_waiti0();
      continue;
    }
    Task *t = &ets_tasks[31 - __clzsi2(ets_ready)];
    Event *event = &t->queue[t->read_at++];
    if (t->read_at == t->length) t->read_at = 0;
    if (--t->used == 0) ets_ready &= ~t->mask;
    ets_intr_unlock();
    t->task(event);
  }
}
