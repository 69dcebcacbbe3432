/* C code in the firmware: called by Rust, calling Rust. Runs from flash. */
#include "c_wrapper.h"

u32 c_sum_of(u32 count, c_callback each) {
  u32 sum = 0;
  for (u32 i = 1; i <= count; i++) sum += each(i);
  return sum;
}

u32 c_crc32(const void *data, u32 length) {
  const unsigned char *byte = data;
  u32 crc = 0xffffffffu;
  while (length--) {
    crc ^= *byte++;
    for (int i = 0; i < 8; i++) crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
  }
  return ~crc;
}

static void c_task(u32 argument) {
  rtos_sleep_ms(2);
  rtos_print_u32("C task on core ", rtos_core());
  rtos_task_exit(rtos_core() == argument ? argument + 1 : 100);
}

u32 c_tasks_demo(void) {
  u32 first = rtos_task_create(c_task, 0, 6, 0, 2048);
  u32 second = rtos_task_create(c_task, 1, 6, 1, 2048);
  return rtos_task_join(first) + rtos_task_join(second);
}
