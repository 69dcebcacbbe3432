/*
 * The C side of the kernel: what C may call of the kernel (kernel/c_api.rs), and what C gives to Rust. Fixed
 * arguments only: the compiler back end miscompiles variadic functions.
 */
#ifndef C_WRAPPER_H
#define C_WRAPPER_H

typedef unsigned int u32;

#define RTOS_ANY_CORE 0xffffffffu
#define RTOS_NO_TASK 0xffffffffu

/* From Rust. Strings end with a zero byte. */
void rtos_puts(const char *text);
/* Prints `text`, `value` in decimal and a newline. */
void rtos_print_u32(const char *text, u32 value);
void rtos_sleep_ms(u32 ms);
void rtos_yield(void);
u32 rtos_core(void);
u32 rtos_ccount(void);
void *rtos_allocate(u32 size);
void rtos_free(void *memory);
/* A handle for rtos_task_join, or RTOS_NO_TASK. core: 0, 1 or RTOS_ANY_CORE; priority 1..31. */
u32 rtos_task_create(void (*entry)(u32), u32 argument, u32 priority, u32 core, u32 stack_size);
/* Exit code of the task. */
u32 rtos_task_join(u32 handle);
void rtos_task_exit(u32 code);

/* To Rust. */
typedef u32 (*c_callback)(u32 value);
/* Calls `each` for 1..count and returns the sum of its results. */
u32 c_sum_of(u32 count, c_callback each);
/* CRC-32 (reflected 0xEDB88320) of bytes. */
u32 c_crc32(const void *data, u32 length);
/* Starts a C task on each core and returns the sum of their exit codes: 0 + 1 + 2 when both ran where they should. */
u32 c_tasks_demo(void);

#endif
