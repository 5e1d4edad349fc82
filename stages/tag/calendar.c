/* calendar.c -- calendar arithmetic */
#include "calendar.h"

long cal_number(cal_day d) {
    long y = d.year - (d.month <= 2);
    long era = (y >= 0 ? y : y - 399) / 400;
    long of_era = y - era * 400;
    long of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

cal_day cal_of_number(long n) {
    n += 719468;
    long era = (n >= 0 ? n : n - 146096) / 146097;
    long day_of_era = n - era * 146097;
    long of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    long day = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
    long m = (5 * day + 2) / 153;
    cal_day d = {.day = (int)(day - (153 * m + 2) / 5 + 1), .month = (int)(m < 10 ? m + 3 : m - 9)};
    d.year = (int)(of_era + era * 400 + (d.month <= 2));
    return d;
}

int cal_weekday(cal_day d) {
    long n = (cal_number(d) + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(n < 0 ? n + 7 : n);
}

void cal_week(cal_day d, int *year, int *week) {
    cal_day thursday = cal_of_number(cal_number(d) - cal_weekday(d) + 3);
    *year = thursday.year;
    *week = (int)((cal_number(thursday) - cal_number((cal_day){thursday.year, 1, 1})) / 7) + 1;
}

int cal_month_days(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

cal_day cal_add_months(cal_day d, int months) {
    int m = d.year * 12 + d.month - 1 + months;
    d.year = m / 12;
    d.month = m % 12 + 1;
    int last = cal_month_days(d.year, d.month);
    if (d.day > last) d.day = last;
    return d;
}

bool cal_parse(wr_str s, cal_day *out) {
    static const char shape[] = "dddd-dd-dd";
    if (s.len < sizeof shape - 1) return false;
    int part[3] = {0}, at = 0;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        if (shape[i] == '-') {
            if (s.ptr[i] != '-') return false;
            at++;
        } else if (wr_is_digit(s.ptr[i])) {
            part[at] = part[at] * 10 + (s.ptr[i] - '0');
        } else {
            return false;
        }
    }
    if (part[0] < 1 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
        part[2] > cal_month_days(part[0], part[1]))
        return false;
    *out = (cal_day){part[0], part[1], part[2]};
    return true;
}
