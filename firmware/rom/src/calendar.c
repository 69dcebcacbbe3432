/* Seconds since 1970 and the Gregorian calendar, both ways; 32-bit time_t. */
#include "time.h"

u32 __getreent(void);
u32 malloc(u32 size);
int _gettimeofday_r(u32 r, u32 t, u32 z);

const u16 days_before_month[13] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

static int floor_div(int value, int by) { return value / by - (value % by < 0); }
int is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int leaps_before(int year) { return floor_div(year - 1, 4) - floor_div(year - 1, 100) + floor_div(year - 1, 400); }
int days_before_year(int year) { return (year - 1970) * 365 + leaps_before(year) - leaps_before(1970); }
static int days_before(int year, int month) { return days_before_month[month] + (month > 1 && is_leap(year)); }

int time(int *to) {
  int now[2];
  if (_gettimeofday_r(__getreent(), (u32)now, 0) < 0) return -1;
  if (to) *to = now[0];
  return now[0];
}

static void from_days(int days, Tm *tm) {
  int year = 1970 + floor_div(days, 365);
  while (days_before_year(year) > days) year--;
  tm->wday = (days % 7 + 11) % 7;
  tm->yday = days - days_before_year(year);
  tm->year = year - 1900;
  int month = 11;
  while (days_before(year, month) > tm->yday) month--;
  tm->mon = month;
  tm->mday = tm->yday - days_before(year, month) + 1;
}

static void from_seconds(i64 seconds, Tm *tm) {
  int days = (int)(seconds / DAY), rest = (int)(seconds - (i64)days * DAY);
  if (rest < 0) rest += DAY, days--;
  tm->hour = rest / 3600;
  tm->min = rest / 60 % 60;
  tm->sec = rest % 60;
  from_days(days, tm);
}

Tm *gmtime_r(const int *t, Tm *tm) {
  from_seconds(*t, tm);
  tm->isdst = 0;
  return tm;
}

/* Whether summer time is in force at `t`, in the year that UTC has then. */
static int in_summer(int t, int year) {
  if (!_daylight) return 0;
  if (year != zone->year && !__tzcalc_limits(year)) return -1;
  int begin = zone->rules[0].change, end = zone->rules[1].change;
  return zone->north ? t >= begin && t < end : t >= begin || t < end;
}

Tm *localtime_r(const int *t, Tm *tm) {
  gmtime_r(t, tm);
  __tz_lock();
  tm->isdst = in_summer(*t, tm->year + 1900);
  int offset = zone->rules[tm->isdst == 1].offset;
  __tz_unlock();
  from_seconds((i64)*t - offset, tm);
  return tm;
}

/* Every field into its range, the next larger one taking what is over. */
static void carry(int *value, int *larger, int range) {
  int over = floor_div(*value, range);
  *value -= over * range;
  *larger += over;
}

static void normalize(Tm *tm) {
  carry(&tm->sec, &tm->min, 60);
  carry(&tm->min, &tm->hour, 60);
  carry(&tm->hour, &tm->mday, 24);
  carry(&tm->mon, &tm->year, 12);
  int days = days_before_year(tm->year + 1900) + days_before(tm->year + 1900, tm->mon) + tm->mday - 1;
  from_days(days, tm);
}

static int seconds_of(const Tm *tm) {
  return (days_before_year(tm->year + 1900) + tm->yday) * DAY + tm->hour * 3600 + tm->min * 60 + tm->sec;
}

/* Local time to UTC. Where a local time comes twice, the caller's isdst decides; where it is not that of the zone, the
   clock is set to the zone's. */
int mktime(Tm *tm) {
  tzset();
  normalize(tm);
  if (tm->year > 10000 || tm->year < -10000) return -1;
  int local = seconds_of(tm), summer = 0;
  __tz_lock();
  const ZoneRule *rules = zone->rules;
  if (_daylight) {
    int asked = tm->isdst > 0 ? 1 : tm->isdst;
    summer = asked;
    if (tm->year + 1900 == zone->year || __tzcalc_limits(tm->year + 1900)) {
      int begin = rules[0].change - rules[1].offset, end = rules[1].change - rules[0].offset;
      int twice = local >= end && local < rules[1].change - rules[1].offset;
      if (!twice) {
        summer = zone->north ? local >= begin && local < end : local >= begin || local < end;
        if ((summer ^ asked) == 1) {
          int difference = rules[0].offset - rules[1].offset;
          tm->sec += summer ? difference : -difference;
          normalize(tm);
          local = seconds_of(tm);
        }
      }
    }
  }
  local += rules[summer == 1].offset;
  __tz_unlock();
  tm->isdst = summer;
  return local;
}

/* struct _reent keeps the buffers of the functions that return a pointer to their own. */
static void *kept(u32 offset, u32 size) {
  u32 *slot = (u32 *)(__getreent() + offset);
  if (*slot == 0) *slot = malloc(size);
  return (void *)*slot;
}

Tm *gmtime(const int *t) { return gmtime_r(t, kept(60, sizeof(Tm))); }
Tm *localtime(const int *t) { return localtime_r(t, kept(60, sizeof(Tm))); }

static char *put_number(char *to, int value, int width, char fill) {
  char digits[11];
  int n = 0;
  u32 left = value < 0 ? -(u32)value : (u32)value;
  do digits[n++] = (char)('0' + left % 10);
  while (left /= 10);
  if (value < 0 && fill == ' ') digits[n++] = '-';
  else if (value < 0) *to++ = '-';
  for (int i = n; i < width; i++) *to++ = fill;
  while (n) *to++ = digits[--n];
  return to;
}

extern const TimeNames time_names;

char *asctime_r(const Tm *tm, char *text) {
  char *p = text;
  for (int i = 0; i < 3; i++) *p++ = time_names.short_days[tm->wday][i];
  *p++ = ' ';
  for (int i = 0; i < 3; i++) *p++ = time_names.short_months[tm->mon][i];
  p = put_number(p, tm->mday, 3, ' ');
  *p++ = ' ';
  p = put_number(p, tm->hour, 2, '0');
  *p++ = ':';
  p = put_number(p, tm->min, 2, '0');
  *p++ = ':';
  p = put_number(p, tm->sec, 2, '0');
  *p++ = ' ';
  p = put_number(p, tm->year + 1900, 0, '0');
  *p++ = '\n';
  *p = 0;
  return text;
}

char *asctime(const Tm *tm) { return asctime_r(tm, kept(64, 26)); }
char *ctime(const int *t) { return asctime(localtime(t)); }

char *ctime_r(const int *t, char *text) {
  Tm tm;
  return asctime_r(localtime_r(t, &tm), text);
}
