/* Interrupts and wake-up by pins. A pin that has interrupted is masked until it is acknowledged; its interrupt type,
   three bits, is kept meanwhile. Register numbers count words from GPIO_PIN0. */
#include "rom.h"

#define GPIO_REG(offset) REG(GPIO + (offset))
#define PIN(n) REG(GPIO + 0x88 + (n) * 4)
#define TYPE_SHIFT 7
#define TYPE_MASK (7u << TYPE_SHIFT)
#define WAKEUP_ENABLE BIT(10)
#define STATUS 0x44
#define STATUS_W1TS 0x48
#define STATUS_W1TC 0x4c
#define STATUS1 0x50
#define STATUS1_W1TS 0x54
#define STATUS1_W1TC 0x58
enum { PINS = 40, INTERRUPT = 4 };

extern u8 gpio_saved_types[PINS];
extern u32 gpio_pending, gpio_pending_high;
extern void (*gpio_handler)(u32 mask, u32 high, u32 argument);
extern u32 gpio_argument;

void ets_intr_lock(void);
void ets_intr_unlock(void);
void ets_isr_attach(u32 interrupt, void *handler, u32 argument);
void ets_isr_mask(u32 mask);

u32 gpio_intr_pending(void) { return gpio_pending; }
u32 gpio_intr_pending_high(void) { return gpio_pending_high; }

void gpio_pin_intr_state_set(u32 pin, u32 type) {
  ets_intr_lock();
  PIN(pin) = (PIN(pin) & ~TYPE_MASK) | type << TYPE_SHIFT;
  ets_intr_unlock();
}

void gpio_register_set(u32 number, u32 value) {
  ets_intr_lock();
  PIN(number) = value;
  if (number < PINS) {
    gpio_saved_types[number] = (value & TYPE_MASK) >> TYPE_SHIFT;
    if (gpio_saved_types[number] == 0) *(number < 32 ? &gpio_pending : &gpio_pending_high) &= ~BIT(number & 31);
  }
  ets_intr_unlock();
}

/* With the interrupt type that is kept, which the register may lack for now. */
u32 gpio_register_get(u32 number) {
  u32 value = PIN(number);
  return number < PINS ? (value & ~TYPE_MASK) | (u32)gpio_saved_types[number] << TYPE_SHIFT : value;
}

static void take(u32 status, u32 first, u32 count, u32 *pending) {
  for (u32 i = 0; i < count; i++)
    if (status >> i & 1) gpio_pin_intr_state_set(first + i, 0);
  if (first) GPIO_REG(STATUS1_W1TC) = status;
  else GPIO_REG(STATUS_W1TC) = status;
  u32 before = *pending;
  *pending |= status;
  if (before == 0) gpio_handler(status, first ? 1 : 0, gpio_argument);
}

static void gpio_interrupt(void) {
  u32 low = GPIO_REG(STATUS), high = GPIO_REG(STATUS1);
  take(low, 0, 32, &gpio_pending);
  take(high, 32, 8, &gpio_pending_high);
}

/* What is still pending interrupts again. */
static void acknowledge(u32 mask, u32 first, u32 count, u32 *pending) {
  ets_intr_lock();
  *pending &= ~mask;
  if (*pending) {
    if (first) GPIO_REG(STATUS1_W1TS) = *pending;
    else GPIO_REG(STATUS_W1TS) = *pending;
    *pending = 0;
  }
  for (u32 i = 0; i < count; i++)
    if (mask >> i & 1) gpio_pin_intr_state_set(first + i, gpio_saved_types[first + i]);
  ets_intr_unlock();
}

void gpio_intr_ack(u32 mask) { acknowledge(mask, 0, 32, &gpio_pending); }
void gpio_intr_ack_high(u32 mask) { acknowledge(mask, 32, 8, &gpio_pending_high); }

void gpio_intr_handler_register(void (*handler)(u32, u32, u32), u32 argument) {
  gpio_handler = handler;
  gpio_argument = argument;
}

/* `type` is a level: GPIO_PIN_INTR_LOLEVEL 4 or HILEVEL 5. */
void gpio_pin_wakeup_enable(u32 pin, u32 type) {
  ets_intr_lock();
  PIN(pin) = (PIN(pin) & ~TYPE_MASK) | type << TYPE_SHIFT | WAKEUP_ENABLE;
  ets_intr_unlock();
}

void gpio_pin_wakeup_disable(void) {
  for (u32 i = 0; i < PINS; i++)
    if (PIN(i) & WAKEUP_ENABLE) PIN(i) &= ~(WAKEUP_ENABLE | TYPE_MASK);
}

/* All pins inputs, CPU interrupt 4 off; the mask ROM leaves the registers of the pins as they are. */
void gpio_init(void) {
  ets_isr_attach(INTERRUPT, gpio_interrupt, 0);
  ets_isr_mask(1 << INTERRUPT);
  GPIO_REG(0x08) = 0;
  GPIO_REG(0x0c) = 0;
  GPIO_REG(0x24) = 0;
  GPIO_REG(0x28) = 0xffffffffu;
  GPIO_REG(0x14) = 0;
  GPIO_REG(0x18) = 0;
  GPIO_REG(0x30) = 0;
  GPIO_REG(0x34) = 0xff;
  gpio_pending = gpio_pending_high = 0;
  for (u32 i = 0; i < PINS; i++) gpio_saved_types[i] = (PIN(i) & TYPE_MASK) >> TYPE_SHIFT;
  GPIO_REG(STATUS_W1TC) = 0xffffffffu;
  GPIO_REG(STATUS1_W1TC) = 0xff;
}
