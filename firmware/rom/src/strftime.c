/* strftime in the "C" locale, and the names that it uses. */
#include "time.h"

#define MONTHS                                                                                                     \
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"

const TimeNames time_names = {
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    {MONTHS},
    {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
    {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    "%H:%M:%S",
    "%m/%d/%y",
    "%a %b %e %H:%M:%S %Y",
    {"AM", "PM"},
    "%a %b %e %H:%M:%S %Z %Y",
    {MONTHS},
    "md",
    "%I:%M:%S %p"};

const TimeNames *__get_current_time_locale(void) { return &time_names; }
int __time_load_locale(void) { return 0; }

typedef struct {
  char *text;
  u32 length, room;
} Out;

static void put(Out *out, char c) {
  if (out->length < out->room) out->text[out->length] = c;
  out->length++;
}

static void put_text(Out *out, const char *text) {
  while (*text) put(out, *text++);
}

static void put_number(Out *out, int value, int width, char fill) {
  char digits[11];
  int n = 0;
  u32 left = value < 0 ? -(u32)value : (u32)value;
  do digits[n++] = (char)('0' + left % 10);
  while (left /= 10);
  if (value < 0) put(out, '-');
  for (int i = n + (value < 0); i < width; i++) put(out, fill);
  while (n) put(out, digits[--n]);
}

/* ISO 8601: weeks begin on Monday, week 1 has the year's first Thursday. Returns the year that the week counts for. */
static int iso_week(const Tm *tm, int *week) {
  int year = tm->year + 1900, monday_based = (tm->wday + 6) % 7, thursday = tm->yday - monday_based + 3;
  if (thursday < 0) {
    year--;
    thursday += 365 + is_leap(year);
  } else if (thursday >= 365 + is_leap(year)) {
    thursday -= 365 + is_leap(year);
    year++;
  }
  *week = thursday / 7 + 1;
  return year;
}

static int floor_century(int year) { return year < 0 ? -((99 - year) / 100) : year / 100; }

static void format_into(Out *out, const char *format, const Tm *tm);

static void put_zone(Out *out, const Tm *tm, int name) {
  if (tm->isdst < 0) return;
  tzset();
  __tz_lock();
  if (name) {
    put_text(out, _tzname[tm->isdst > 0]);
  } else {
    int minutes = -(tm->isdst > 0 ? zone->rules[1].offset : _timezone) / 60;
    u32 size = (u32)(minutes < 0 ? -minutes : minutes);
    put(out, minutes < 0 ? '-' : '+');
    put_number(out, (int)(size / 60), 2, '0');
    put_number(out, (int)(size % 60), 2, '0');
  }
  __tz_unlock();
}

static void put_item(Out *out, char kind, const Tm *tm) {
  int week, year = tm->year + 1900, hour12 = tm->hour % 12 ? tm->hour % 12 : 12;
  switch (kind) {
    case 'a': put_text(out, time_names.short_days[tm->wday]); break;
    case 'A': put_text(out, time_names.days[tm->wday]); break;
    case 'b':
    case 'h': put_text(out, time_names.short_months[tm->mon]); break;
    case 'B': put_text(out, time_names.months[tm->mon]); break;
    case 'c': format_into(out, time_names.both_format, tm); break;
    case 'x': format_into(out, time_names.date_format, tm); break;
    case 'X': format_into(out, time_names.time_format, tm); break;
    case 'r': format_into(out, time_names.half_format, tm); break;
    case 'D': format_into(out, "%m/%d/%y", tm); break;
    case 'F': format_into(out, "%Y-%m-%d", tm); break;
    case 'R': format_into(out, "%H:%M", tm); break;
    case 'T': format_into(out, "%H:%M:%S", tm); break;
    case 'C': put_number(out, floor_century(year), 2, '0'); break;
    case 'y': put_number(out, year - floor_century(year) * 100, 2, '0'); break;
    case 'Y': put_number(out, year, 0, '0'); break;
    case 'd': put_number(out, tm->mday, 2, '0'); break;
    case 'e': put_number(out, tm->mday, 2, ' '); break;
    case 'g': put_number(out, iso_week(tm, &week) % 100, 2, '0'); break;
    case 'G': put_number(out, iso_week(tm, &week), 4, '0'); break;
    case 'V':
      iso_week(tm, &week);
      put_number(out, week, 2, '0');
      break;
    case 'H': put_number(out, tm->hour, 2, '0'); break;
    case 'k': put_number(out, tm->hour, 2, ' '); break;
    case 'I': put_number(out, hour12, 2, '0'); break;
    case 'l': put_number(out, hour12, 2, ' '); break;
    case 'j': put_number(out, tm->yday + 1, 3, '0'); break;
    case 'm': put_number(out, tm->mon + 1, 2, '0'); break;
    case 'M': put_number(out, tm->min, 2, '0'); break;
    case 'S': put_number(out, tm->sec, 2, '0'); break;
    case 'n': put(out, '\n'); break;
    case 't': put(out, '\t'); break;
    case 'p': put_text(out, time_names.half[tm->hour >= 12]); break;
    case 'u': put_number(out, tm->wday ? tm->wday : 7, 0, '0'); break;
    case 'w': put_number(out, tm->wday, 0, '0'); break;
    case 'U': put_number(out, (tm->yday + 7 - tm->wday) / 7, 2, '0'); break;
    case 'W': put_number(out, (tm->yday + 7 - (tm->wday + 6) % 7) / 7, 2, '0'); break;
    case 'z': put_zone(out, tm, 0); break;
    case 'Z': put_zone(out, tm, 1); break;
    case '%': put(out, '%'); break;
  }
}

static void format_into(Out *out, const char *format, const Tm *tm) {
  for (; *format; format++) {
    if (*format != '%') {
      put(out, *format);
      continue;
    }
    format++;
    /* Alternative forms that the "C" locale does not have. */
    if (*format == 'E' || *format == 'O') format++;
    if (*format == 0) return;
    put_item(out, *format, tm);
  }
}

u32 strftime(char *text, u32 room, const char *format, const Tm *tm) {
  Out out = {text, 0, room};
  format_into(&out, format, tm);
  if (out.length >= room) return 0;
  text[out.length] = 0;
  return out.length;
}
