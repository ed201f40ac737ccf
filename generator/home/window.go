package home

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	hour = 60
	day  = 24 * hour
	week = 7 * day
)

// days are the names of weekdays as AWS writes them. The week begins on Monday.
var days = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// Weekly returns a weekly window in UTC, such as mon:18:00-mon:19:00, that begins
// at a time of a day at home in winter, and where clocks change an hour later in
// summer. A window that would reach into the next day in UTC begins with that
// day instead, for ElastiCache wants both ends on one day.
func (h Home) Weekly(weekday string, at, minutes int) (string, error) {
	i := slices.Index(days, weekday)
	if i < 0 {
		return "", fmt.Errorf("%q is not a day: use one of %s", weekday, strings.Join(days, ", "))
	}
	from, err := h.begin(at, minutes)
	if err != nil {
		return "", err
	}
	from = modulo(i*day+from, week)
	return moment(from) + "-" + moment(from+minutes), nil
}

// Daily returns a daily window in UTC, such as 16:00-16:30; when it begins is
// told at Weekly.
func (h Home) Daily(at, minutes int) (string, error) {
	from, err := h.begin(at, minutes)
	if err != nil {
		return "", err
	}
	from = modulo(from, day)
	return clock(from) + "-" + clock(from+minutes), nil
}

// begin returns the minute at which a window begins in UTC, counted from the
// day's start at home; it may lie on another day.
func (h Home) begin(at, minutes int) (int, error) {
	if minutes < 1 || minutes >= day {
		return 0, fmt.Errorf("a window lasts between 1 and %d minutes, not %d", day-1, minutes)
	}
	from := at - h.low
	if into := modulo(from, day); into+minutes >= day {
		from += day - into
	}
	return from, nil
}

// ReadTime returns the minute of the day of a time such as 03:00.
func ReadTime(s string) (int, error) {
	hours, minutes, ok := strings.Cut(s, ":")
	hh, err := strconv.Atoi(hours)
	mm, also := strconv.Atoi(minutes)
	if !ok || err != nil || also != nil || len(s) != len("hh:mm") || hh < 0 || hh > 23 || mm < 0 || mm > 59 {
		return 0, fmt.Errorf("%q is not a time: write hours and minutes, such as 03:00", s)
	}
	return hh*hour + mm, nil
}

// readMoment returns the minute of the week of a moment such as mon:18:00.
func readMoment(s string) (int, bool) {
	name, at, _ := strings.Cut(s, ":")
	minute, err := ReadTime(at)
	i := slices.Index(days, name)
	return i*day + minute, i >= 0 && err == nil
}

// moment writes a minute of the week as AWS does.
func moment(m int) string { return days[modulo(m, week)/day] + ":" + clock(modulo(m, day)) }

func clock(m int) string {
	m = modulo(m, day)
	return fmt.Sprintf("%02d:%02d", m/hour, m%hour)
}

// modulo returns m as a number from 0 to n-1.
func modulo(m, n int) int { return (m%n + n) % n }
