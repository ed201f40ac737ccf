package home

import (
	"fmt"
	"strings"
)

// weekends are the first and the last day of the weekend where it is not Saturday
// and Sunday, by the zones of the countries. Source: the element weekData of
// Unicode CLDR's supplementalData.xml, whose weekendStart and weekendEnd are given
// by country.
var weekends = map[string][2]string{
	"Asia/Kabul": {"thu", "fri"},

	"Asia/Tehran": {"fri", "fri"},

	"Africa/Algiers": {"fri", "sat"}, "Africa/Cairo": {"fri", "sat"}, "Africa/Khartoum": {"fri", "sat"}, "Africa/Tripoli": {"fri", "sat"},
	"Asia/Aden": {"fri", "sat"}, "Asia/Amman": {"fri", "sat"}, "Asia/Baghdad": {"fri", "sat"}, "Asia/Bahrain": {"fri", "sat"},
	"Asia/Damascus": {"fri", "sat"}, "Asia/Jerusalem": {"fri", "sat"}, "Asia/Tel_Aviv": {"fri", "sat"}, "Asia/Kuwait": {"fri", "sat"},
	"Asia/Muscat": {"fri", "sat"}, "Asia/Qatar": {"fri", "sat"}, "Asia/Riyadh": {"fri", "sat"},

	"Africa/Kampala": {"sun", "sun"}, "Asia/Kolkata": {"sun", "sun"}, "Asia/Calcutta": {"sun", "sun"},
}

// weekend returns the minutes of the week, in UTC, at which it begins to be the
// weekend at home and ends to be so, by the clock of any season. The end is
// greater than the start and may lie in the next week.
func (h Home) weekend() (from, to int) {
	ends, ok := weekends[h.Zone]
	if !ok {
		ends = [2]string{"sat", "sun"}
	}
	first, _ := readMoment(ends[0] + ":00:00")
	last, _ := readMoment(ends[1] + ":00:00")
	from, to = first-h.high, last+day-h.low
	shift := modulo(from, week) - from
	return from + shift, to + shift
}

// Weekend returns when it is the weekend at home, in UTC, such as fri:15:00 and
// sun:15:00.
func (h Home) Weekend() (from, to string) {
	start, end := h.weekend()
	return moment(start), moment(end)
}

// OnWeekend says whether a weekly window in UTC, such as sat:18:00-sat:19:00,
// touches the weekend at home. What is no window does not.
func (h Home) OnWeekend(window string) bool {
	first, second, ok := strings.Cut(strings.ToLower(window), "-")
	begin, one := readMoment(first)
	end, two := readMoment(second)
	if !ok || !one || !two {
		return false
	}
	if end <= begin {
		end += week
	}
	from, to := h.weekend()
	for _, shift := range []int{-week, 0, week} {
		if begin < to+shift && from+shift < end {
			return true
		}
	}
	return false
}

// WeekdayPattern returns a regular expression for the moments, such as mon:18:00
// in UTC, that lie outside the weekend at home.
func (h Home) WeekdayPattern() string {
	from, to := h.weekend()
	var whole, parts []string
	for i, name := range days {
		for _, free := range outside(i*day, from, to) {
			if free == [2]int{0, day} {
				whole = append(whole, name)
				continue
			}
			for _, p := range minutesPattern(free[0], free[1]) {
				parts = append(parts, name+":"+p)
			}
		}
	}
	if len(whole) > 0 {
		parts = append([]string{"(" + strings.Join(whole, "|") + "):" + hoursPattern(0, 23) + ":[0-5][0-9]"}, parts...)
	}
	return "^(" + strings.Join(parts, "|") + ")$"
}

// outside returns the spans of a day, in its minutes, that the weekend leaves
// free. start is the day's first minute in the week.
func outside(start, from, to int) [][2]int {
	free := [][2]int{{0, day}}
	for _, shift := range []int{-week, 0, week} {
		a, b := from+shift-start, to+shift-start
		var rest [][2]int
		for _, f := range free {
			if left := min(f[1], a); f[0] < left {
				rest = append(rest, [2]int{f[0], left})
			}
			if right := max(f[0], b); right < f[1] {
				rest = append(rest, [2]int{right, f[1]})
			}
		}
		free = rest
	}
	return free
}

// minutesPattern returns regular expressions for the times from one minute of the
// day up to, but without, another.
func minutesPattern(from, to int) []string {
	var out []string
	if m := from % hour; m > 0 {
		end := min(to, from-m+hour)
		out = append(out, fmt.Sprintf("%02d:%s", from/hour, numbersPattern(m, (end-1)%hour)))
		from = end
	}
	if whole := to / hour * hour; from < whole {
		out = append(out, hoursPattern(from/hour, whole/hour-1)+":[0-5][0-9]")
		from = whole
	}
	if from < to {
		out = append(out, fmt.Sprintf("%02d:%s", from/hour, numbersPattern(0, to%hour-1)))
	}
	return out
}

func hoursPattern(from, to int) string {
	if from == 0 && to == 23 {
		return "([01][0-9]|2[0-3])"
	}
	return numbersPattern(from, to)
}

// numbersPattern returns a regular expression for numbers of two digits.
func numbersPattern(from, to int) string {
	var parts []string
	for tens := from / 10; tens <= to/10; tens++ {
		low, high := max(from, tens*10)%10, min(to, tens*10+9)%10
		switch {
		case low == high:
			parts = append(parts, fmt.Sprintf("%d%d", tens, low))
		default:
			parts = append(parts, fmt.Sprintf("%d[%d-%d]", tens, low, high))
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, "|") + ")"
}
