/* What every C test ROM shares. The back end miscompiles variadic functions, so there is no printf. */
#ifndef ROM_H
#define ROM_H

typedef unsigned char u8;
typedef signed char i8;
typedef unsigned short u16;
typedef short i16;
typedef unsigned int u32;
typedef int i32;

int host_write(int fd, const void *data, u32 length);
u32 strlen(const char *text);
int strcmp(const char *left, const char *right);
void *memcpy(void *to, const void *from, u32 length);

static void put(const char *text) { host_write(1, text, strlen(text)); }

static void put_hex(const char *label, u32 value) {
  char line[12];
  for (int i = 0; i < 8; i++) line[i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
  line[8] = '\n';
  put(label);
  host_write(1, line, 9);
}

static void put_decimal(const char *label, i32 value) {
  char line[12];
  u32 rest = value < 0 ? -(u32)value : (u32)value;
  int at = 11;
  line[at] = '\n';
  do {
    line[--at] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest);
  if (value < 0) line[--at] = '-';
  put(label);
  host_write(1, line + at, (u32)(12 - at));
}

#endif
