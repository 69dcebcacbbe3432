/* Strings, memory and character classes as C and POSIX define them, in the "C" locale. */
#include "rom.h"

void bzero(void *to, u32 length) { memset(to, 0, length); }

void *memchr(const void *where, int c, u32 length) {
  const u8 *p = where;
  for (; length--; p++)
    if (*p == (u8)c) return (void *)p;
  return 0;
}

void *memrchr(const void *where, int c, u32 length) {
  const u8 *p = where;
  while (length--)
    if (p[length] == (u8)c) return (void *)(p + length);
  return 0;
}

void *memccpy(void *to, const void *from, int c, u32 length) {
  u8 *t = to;
  const u8 *f = from;
  while (length--)
    if ((*t++ = *f++) == (u8)c) return t;
  return 0;
}

int isascii(int c) { return c >= 0 && c < 128; }
int toascii(int c) { return c & 127; }
int isupper(int c) { return c >= 'A' && c <= 'Z'; }
int islower(int c) { return c >= 'a' && c <= 'z'; }
int isalpha(int c) { return isupper(c) || islower(c); }
int isdigit(int c) { return c >= '0' && c <= '9'; }
int isalnum(int c) { return isalpha(c) || isdigit(c); }
int isblank(int c) { return c == ' ' || c == '\t'; }
int isspace(int c) { return c == ' ' || (c >= 9 && c <= 13); }
int iscntrl(int c) { return (c >= 0 && c < 32) || c == 127; }
int isgraph(int c) { return c > 32 && c < 127; }
int isprint(int c) { return c >= 32 && c < 127; }
int ispunct(int c) { return isgraph(c) && !isalnum(c); }
int tolower(int c) { return isupper(c) ? c + 32 : c; }
int toupper(int c) { return islower(c) ? c - 32 : c; }

u32 strnlen(const char *text, u32 room) {
  u32 n = 0;
  while (n < room && text[n]) n++;
  return n;
}

char *strcpy(char *to, const char *from) {
  memcpy(to, from, strlen(from) + 1);
  return to;
}

char *strncpy(char *to, const char *from, u32 length) {
  u32 n = strnlen(from, length);
  memcpy(to, from, n);
  memset(to + n, 0, length - n);
  return to;
}

char *strcat(char *to, const char *from) {
  strcpy(to + strlen(to), from);
  return to;
}

char *strncat(char *to, const char *from, u32 length) {
  u32 n = strnlen(from, length);
  char *end = to + strlen(to);
  memcpy(end, from, n);
  end[n] = 0;
  return to;
}

u32 strlcpy(char *to, const char *from, u32 room) {
  u32 length = strlen(from);
  if (room) {
    u32 n = length < room ? length : room - 1;
    memcpy(to, from, n);
    to[n] = 0;
  }
  return length;
}

u32 strlcat(char *to, const char *from, u32 room) {
  u32 length = strnlen(to, room);
  if (length == room) return room + strlen(from);
  return length + strlcpy(to + length, from, room - length);
}

int strncmp(const char *left, const char *right, u32 length) {
  for (; length--; left++, right++) {
    if (*left != *right) return (u8)*left - (u8)*right;
    if (*left == 0) break;
  }
  return 0;
}

int strcmp(const char *left, const char *right);
int strcoll(const char *left, const char *right) { return strcmp(left, right); }

int strncasecmp(const char *left, const char *right, u32 length) {
  for (; length--; left++, right++) {
    int difference = tolower((u8)*left) - tolower((u8)*right);
    if (difference) return difference;
    if (*left == 0) break;
  }
  return 0;
}

int strcasecmp(const char *left, const char *right) { return strncasecmp(left, right, 0xffffffffu); }

char *strchr(const char *text, int c) {
  for (;; text++) {
    if (*text == (char)c) return (char *)text;
    if (*text == 0) return 0;
  }
}

char *strrchr(const char *text, int c) {
  const char *last = 0;
  for (;; text++) {
    if (*text == (char)c) last = text;
    if (*text == 0) return (char *)last;
  }
}

char *strstr(const char *text, const char *part) {
  u32 length = strlen(part);
  for (;; text++) {
    if (strncmp(text, part, length) == 0) return (char *)text;
    if (*text == 0) return 0;
  }
}

char *strcasestr(const char *text, const char *part) {
  u32 length = strlen(part);
  for (;; text++) {
    if (strncasecmp(text, part, length) == 0) return (char *)text;
    if (*text == 0) return 0;
  }
}

/* Leading characters that are in `set`, or that are not. */
static u32 span(const char *text, const char *set, int in) {
  u32 n = 0;
  while (text[n] && (strchr(set, text[n]) != 0) == in) n++;
  return n;
}

u32 strspn(const char *text, const char *set) { return span(text, set, 1); }
u32 strcspn(const char *text, const char *set) { return span(text, set, 0); }

char *__strtok_r(char *text, const char *set, char **rest, int skip) {
  if (text == 0) text = *rest;
  if (text == 0) return 0;
  if (skip) text += strspn(text, set);
  if (*text == 0) {
    *rest = 0;
    return 0;
  }
  char *end = text + strcspn(text, set);
  *rest = *end ? end + 1 : 0;
  *end = 0;
  return text;
}

char *strtok_r(char *text, const char *set, char **rest) { return __strtok_r(text, set, rest, 1); }

/* Of an empty string nothing, where 4.4BSD has an empty field. */
char *strsep(char **text, const char *set) { return __strtok_r(*text, set, text, 0); }

char *strupr(char *text) {
  for (char *p = text; *p; p++) *p = (char)toupper((u8)*p);
  return text;
}

char *strlwr(char *text) {
  for (char *p = text; *p; p++) *p = (char)tolower((u8)*p);
  return text;
}

void *xthal_memcpy(void *to, const void *from, u32 length) { return memcpy(to, from, length); }
void *xthal_bcopy(const void *from, void *to, u32 length) { return memcpy(to, from, length); }
