/* Layouts of time.h and of newlib's time zone, and what the sources of the calendar share. */
#pragma once
#include "rom.h"

typedef struct {
  int sec, min, hour, mday, mon, year, wday, yday, isdst;
} Tm;

/* When one of the two kinds of time begins: `kind` J day of year without 29 February, D day of year from 0, M month,
   week and weekday; `second` of that day; `change` in seconds of UTC; `offset` to be added to get UTC. */
typedef struct {
  char kind;
  int month, week, day, second, change, offset;
} ZoneRule;

/* rules[0] begins summer time; each holds the offset that ends by it. */
typedef struct {
  int north, year;
  ZoneRule rules[2];
} Zone;

typedef struct {
  const char *short_months[12], *months[12], *short_days[7], *days[7];
  const char *time_format, *date_format, *both_format, *half[2], *date_command, *alternative[12], *order, *half_format;
} TimeNames;

extern Zone zone_at_3ffae038;
extern int _timezone, _daylight;
extern const char *_tzname[2];

#define zone (&zone_at_3ffae038)
enum { DAY = 86400 };

/* Days from 1 January 1970 to 1 January of `year`. */
int days_before_year(int year);
int is_leap(int year);
extern const u16 days_before_month[13];
void __tz_lock(void);
void __tz_unlock(void);
int __tzcalc_limits(int year);
void tzset(void);
Tm *gmtime_r(const int *time, Tm *tm);
Tm *localtime_r(const int *time, Tm *tm);
