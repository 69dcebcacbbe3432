/* Time zones: the TZ variable as POSIX writes it (Base Definitions, 8.3), std offset [dst [offset] [,start[/time],
   end[/time]]], and when summer time begins and ends. */
#include "time.h"

char *_getenv_r(u32 r, const char *name);
u32 __getreent(void);
u32 _malloc_r(u32 r, u32 size);
u32 free(u32 p);
int strcmp(const char *left, const char *right);
char *strcpy(char *to, const char *from);
int isalpha(int c);
int isdigit(int c);

/* At their published addresses: the TZ last read, and the two names, ten letters each. */
extern char *prev_tzenv;
extern char __tzname_std[11], __tzname_dst[11];

Zone *__gettzinfo(void) { return zone; }

void zone_statics(void) {
  *zone = (Zone){1, 0, {{'J', 0, 0, 0, 0, 0, 0}, {'J', 0, 0, 0, 0, 0, 0}}};
  _tzname[0] = _tzname[1] = "GMT";
}

/* Seconds from 1970 to the rule's moment of `year` in the time of that day. */
static i64 moment(const ZoneRule *rule, int year) {
  int day = days_before_year(year), leap = is_leap(year);
  if (rule->kind == 'J') {
    day += rule->day - 1 + (leap && rule->day >= 60);
  } else if (rule->kind == 'D') {
    day += rule->day;
  } else {
    int month = rule->month - 1;
    int length = days_before_month[month + 1] - days_before_month[month] + (month == 1 && leap);
    day += days_before_month[month] + (month > 1 && leap);
    int first = (day % 7 + 11) % 7;
    int at = (rule->day - first + 7) % 7 + (rule->week - 1) * 7;
    while (at >= length) at -= 7;
    day += at;
  }
  return (i64)day * DAY + rule->second;
}

/* Fills in the changes of a year; 0 before 1970. */
int __tzcalc_limits(int year) {
  if (year < 1970) return 0;
  zone->year = year;
  for (int i = 0; i < 2; i++) {
    ZoneRule *rule = &zone->rules[i];
    rule->change = (int)(moment(rule, year) + rule->offset);
  }
  zone->north = zone->rules[0].change < zone->rules[1].change;
  return 1;
}

/* At most ten letters; 0 if there is none. */
static const char *read_name(const char *p, char *name) {
  int n = 0;
  while (n < 10 && *p && *p != ',' && *p != '+' && *p != '-' && !isdigit((u8)*p)) name[n++] = *p++;
  if (n == 0) return 0;
  name[n] = 0;
  return p;
}

static const char *read_number(const char *p, int *value) {
  if (!isdigit((u8)*p)) return 0;
  for (*value = 0; isdigit((u8)*p); p++) *value = *value * 10 + (*p - '0');
  return p;
}

/* hh[:mm[:ss]] */
static const char *read_time(const char *p, int *seconds) {
  int part, unit = 3600;
  *seconds = 0;
  for (;; p++) {
    const char *next = read_number(p, &part);
    if (next == 0) return unit == 3600 ? 0 : p - 1;
    *seconds += part * unit;
    unit /= 60;
    p = next;
    if (*p != ':' || unit == 0) return p;
  }
}

static const char *read_offset(const char *p, int *seconds) {
  int sign = *p == '-' ? -1 : 1;
  if (*p == '-' || *p == '+') p++;
  p = read_time(p, seconds);
  *seconds *= sign;
  return p;
}

/* Mm.w.d, Jn or n, and the time of day. Without one: the second Sunday of March, the first of November, at two. */
static const char *read_rule(const char *p, ZoneRule *rule, int ends) {
  int month = ends ? 11 : 3, week = ends ? 1 : 2, day = 0;
  char kind = 'M';
  if (*p == ',') p++;
  if (*p == 'M') {
    if ((p = read_number(p + 1, &month)) == 0 || *p != '.') return 0;
    if ((p = read_number(p + 1, &week)) == 0 || *p != '.') return 0;
    if ((p = read_number(p + 1, &day)) == 0) return 0;
    if (month < 1 || month > 12 || week < 1 || week > 5 || day > 6) return 0;
  } else if (*p == 'J' || isdigit((u8)*p)) {
    kind = *p == 'J' ? 'J' : 'D';
    if ((p = read_number(p + (*p == 'J'), &day)) == 0) return 0;
    month = rule->month, week = rule->week;
  }
  rule->kind = kind;
  rule->month = month;
  rule->week = week;
  rule->day = day;
  rule->second = 7200;
  if (*p == '/' && (p = read_time(p + 1, &rule->second)) == 0) return 0;
  return p;
}

static void read_zone(const char *p) {
  if (*p == ':') p++;
  if ((p = read_name(p, __tzname_std)) == 0) return;
  if ((p = read_offset(p, &zone->rules[0].offset)) == 0) return;
  _tzname[0] = __tzname_std;
  const char *rest = read_name(p, __tzname_dst);
  if (rest == 0) {
    _tzname[1] = _tzname[0];
    _timezone = zone->rules[0].offset;
    _daylight = 0;
    return;
  }
  _tzname[1] = __tzname_dst;
  p = read_offset(rest, &zone->rules[1].offset);
  if (p == 0) {
    p = rest;
    zone->rules[1].offset = zone->rules[0].offset - 3600;
  }
  for (int i = 0; i < 2; i++)
    if ((p = read_rule(p, &zone->rules[i], i)) == 0) return;
  __tzcalc_limits(zone->year);
  _timezone = zone->rules[0].offset;
  _daylight = zone->rules[0].offset != zone->rules[1].offset;
}

void _tzset_r(u32 r) {
  const char *text = _getenv_r(r, "TZ");
  __tz_lock();
  if (text == 0) {
    _timezone = _daylight = 0;
    _tzname[0] = _tzname[1] = "GMT";
    free((u32)prev_tzenv);
    prev_tzenv = 0;
  } else if (prev_tzenv == 0 || strcmp(text, prev_tzenv) != 0) {
    free((u32)prev_tzenv);
    prev_tzenv = (char *)_malloc_r(r, strlen(text) + 1);
    if (prev_tzenv) strcpy(prev_tzenv, text);
    read_zone(text);
  }
  __tz_unlock();
}

void tzset(void) { _tzset_r(__getreent()); }
