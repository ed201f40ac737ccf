package home_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/home"
)

func find(t *testing.T, zone string) home.Home {
	t.Helper()
	h, ok := home.Find(zone)
	if !ok {
		t.Fatalf("there is no time zone %s", zone)
	}
	return h
}

func minute(t *testing.T, s string) int {
	t.Helper()
	m, err := home.ReadTime(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// at returns a moment such as mon:18:00 in UTC in the week that begins with a
// Monday.
func at(t *testing.T, monday time.Time, moment string) time.Time {
	t.Helper()
	name, clock, _ := strings.Cut(moment, ":")
	i := slices.Index([]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, name)
	if i < 0 {
		t.Fatalf("%q names no day", moment)
	}
	return monday.AddDate(0, 0, i).Add(time.Duration(minute(t, clock)) * time.Minute)
}

func TestWindows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, weekly, backup, weekend string }{
		{"Asia/Tokyo", "mon:18:00-mon:19:00", "16:00-16:30", "fri:15:00 sun:15:00"},
		{"Europe/Dublin", "tue:03:00-tue:04:00", "01:00-01:30", "fri:23:00 mon:00:00"},
		{"America/Los_Angeles", "tue:11:00-tue:12:00", "09:00-09:30", "sat:07:00 mon:08:00"},
		{"Asia/Riyadh", "tue:00:00-tue:01:00", "22:00-22:30", "thu:21:00 sat:21:00"},
		{"Asia/Kolkata", "mon:21:30-mon:22:30", "19:30-20:00", "sat:18:30 sun:18:30"},
		{"Asia/Tehran", "tue:00:00-tue:01:00", "21:30-22:00", "thu:20:30 fri:20:30"}, // 23:30 would reach into the next day
		{"Pacific/Auckland", "mon:15:00-mon:16:00", "13:00-13:30", "fri:11:00 sun:12:00"},
		{"UTC", "tue:03:00-tue:04:00", "01:00-01:30", "sat:00:00 mon:00:00"},
	} {
		h := find(t, c.zone)
		weekly, err := h.Weekly("tue", minute(t, "03:00"), 60)
		backup, also := h.Daily(minute(t, "01:00"), 30)
		from, to := h.Weekend()
		if err != nil || also != nil || weekly != c.weekly || backup != c.backup || from+" "+to != c.weekend {
			t.Errorf("%s: %s, %s, weekend %s %s, %v %v; want %s, %s, weekend %s", c.zone, weekly, backup, from, to, err, also, c.weekly, c.backup, c.weekend)
		}
	}
}

// TestNight holds what windows are for against Go's own data: in every zone, in
// every week of the year, they are at night and not on a weekend.
func TestNight(t *testing.T) {
	t.Parallel()
	for _, zone := range home.Zones() {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatalf("%s: %v", zone, err)
		}
		h := find(t, zone)
		weekly, err := h.Weekly("tue", minute(t, "03:00"), 60)
		if err != nil {
			t.Fatalf("%s: %v", zone, err)
		}
		begin, end, _ := strings.Cut(weekly, "-")
		if begin[:3] != end[:3] {
			t.Errorf("%s: %s does not begin and end on one day", zone, weekly)
		}
		pattern := regexp.MustCompile(h.WeekdayPattern())
		if h.OnWeekend(weekly) || !pattern.MatchString(begin) || !pattern.MatchString(end) {
			t.Errorf("%s: %s counts as the weekend", zone, weekly)
		}
		for monday := time.Date(home.Year, 1, 5, 0, 0, 0, 0, time.UTC); monday.Year() == home.Year; monday = monday.AddDate(0, 0, 7) {
			for _, moment := range []string{begin, end} {
				if local := at(t, monday, moment).In(loc); local.Hour() > 6 || local.Hour() == 6 && local.Minute() > 0 {
					t.Errorf("%s: %s is %s there", zone, moment, local)
				}
			}
		}
	}
}

// TestWeekends holds the pattern and OnWeekend to the calendar of each zone whose
// weekend is Saturday and Sunday.
func TestWeekends(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"Asia/Tokyo", "Europe/Dublin", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		h := find(t, zone)
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		pattern := regexp.MustCompile(h.WeekdayPattern())
		for m := 0; m < 7*24*60; m += 15 {
			weekend := false
			var moment string
			for _, monday := range []time.Time{time.Date(home.Year, 1, 12, 0, 0, 0, 0, time.UTC), time.Date(home.Year, 7, 13, 0, 0, 0, 0, time.UTC)} {
				now := monday.Add(time.Duration(m) * time.Minute)
				moment = strings.ToLower(now.Format("Mon:15:04"))
				local := now.In(loc).Weekday()
				weekend = weekend || local == time.Saturday || local == time.Sunday
			}
			window := moment + "-" + moment // a week long: touches any weekend
			if !h.OnWeekend(window) {
				t.Fatalf("%s: %s touches no weekend", zone, window)
			}
			if pattern.MatchString(moment) == weekend {
				t.Errorf("%s: the pattern says weekend = %t of %s", zone, !weekend, moment)
			}
			next := strings.ToLower(time.Date(home.Year, 1, 12, 0, m+1, 0, 0, time.UTC).Format("Mon:15:04"))
			if h.OnWeekend(moment+"-"+next) != weekend {
				t.Errorf("%s: OnWeekend says %t of %s", zone, !weekend, moment)
			}
		}
	}
	if h := find(t, "Asia/Tokyo"); h.OnWeekend("sometime") || h.OnWeekend("mon:18:00") || h.OnWeekend("sat:25:00-sat:26:00") {
		t.Error("what is no window is on the weekend")
	}
}

func TestBadWindows(t *testing.T) {
	t.Parallel()
	h := find(t, "UTC")
	if _, err := h.Weekly("tuesday", 0, 60); err == nil {
		t.Error("tuesday is a day")
	}
	if _, err := h.Weekly("tue", 0, 0); err == nil {
		t.Error("a window may last no time")
	}
	if _, err := h.Daily(0, 24*60); err == nil {
		t.Error("a window may last a day")
	}
	for _, s := range []string{"", "3:00", "03:60", "24:00", "-1:00", "03-00", "ab:cd"} {
		if _, err := home.ReadTime(s); err == nil {
			t.Errorf("%q is a time", s)
		}
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{
		"Asia/Tokyo": "ap-northeast-1", "Europe/Dublin": "eu-west-1", "America/Los_Angeles": "us-west-2", "US/Pacific": "us-west-2",
		"Europe/Vienna": "eu-central-1", "Europe/Lisbon": "eu-west-1", "America/New_York": "us-east-1", "America/Denver": "us-west-2",
		"America/Argentina/Buenos_Aires": "sa-east-1", "Asia/Shanghai": "ap-southeast-1", "Asia/Dubai": "ap-south-1",
		"Asia/Jerusalem": "eu-central-1", "Africa/Johannesburg": "eu-central-1", "Pacific/Auckland": "ap-southeast-2",
		"Pacific/Honolulu": "us-west-2", "Asia/Calcutta": "ap-south-1", "UTC": "eu-west-1",
	} {
		if got := find(t, zone).Region(); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
	pattern := regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d$`)
	codes := map[string]bool{}
	for _, r := range home.Regions() {
		if _, ok := home.Find(r.Zone); !ok || !pattern.MatchString(r.Code) || codes[r.Code] || r.City == "" || r.Country == "" {
			t.Errorf("%+v is no region", r)
		}
		codes[r.Code] = true
	}
	if got := find(t, "Asia/Tokyo").Nearest(func(home.Region) bool { return false }); got != "" {
		t.Errorf("%s is nearest of none", got)
	}
}

func TestMySQLZone(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{
		"Asia/Tokyo": "Asia/Tokyo", "America/Los_Angeles": "US/Pacific", "America/New_York": "US/Eastern", "Europe/Berlin": "Europe/Amsterdam",
		"Europe/London": "Europe/Dublin", "Australia/Eucla": "UTC", "Asia/Kolkata": "Asia/Calcutta", "Europe/Dublin": "Europe/Dublin", "Asia/Hong_Kong": "Asia/Shanghai",
	} {
		if got := find(t, zone).MySQLZone(); got != want {
			t.Errorf("%s: %s, want %s", zone, got, want)
		}
	}
}

// TestZones holds the carried data to Go's own, day by day.
func TestZones(t *testing.T) {
	t.Parallel()
	zones := home.Zones()
	if !slices.IsSorted(zones) || len(zones) < 400 {
		t.Fatalf("%d zones, sorted: %t", len(zones), slices.IsSorted(zones))
	}
	for _, zone := range zones {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		low, high := 24*60, -24*60
		for day := time.Date(home.Year, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == home.Year; day = day.AddDate(0, 0, 1) {
			_, seconds := day.In(loc).Zone()
			low, high = min(low, seconds/60), max(high, seconds/60)
		}
		from, to := find(t, zone).Weekend()
		h := find(t, zone)
		if backup, err := h.Daily(0, 1); err != nil || minuteOf(backup) != (24*60*2-low)%(24*60) {
			t.Errorf("%s: midnight in winter is %s in UTC, but its smallest offset is %d (%v)", zone, backup, low, err)
		}
		if from == "" || to == "" || low > high {
			t.Errorf("%s: no weekend", zone)
		}
	}
	if _, ok := home.Find("Europe/Nowhere"); ok {
		t.Error("Europe/Nowhere is a zone")
	}
	if got := home.FindOrDefault("Europe/Nowhere").Zone; got != home.Default {
		t.Errorf("%s is where nobody is", got)
	}
}

func minuteOf(window string) int {
	hours, _ := strconv.Atoi(window[:2])
	minutes, _ := strconv.Atoi(window[3:5])
	return hours*60 + minutes
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`home_region("Europe/Dublin")`:                            "eu-west-1",
		`home_weekly_window("Europe/Dublin", "tue", "03:00", 60)`: "tue:03:00-tue:04:00",
		`home_daily_window("Europe/Dublin", "01:00", 30)`:         "01:00-01:30",
		`home_mysql_time_zone("America/Los_Angeles")`:             "US/Pacific",
		`home_weekend("Asia/Riyadh").from`:                        "thu:21:00",
		`home_weekday_pattern("UTC")`:                             "^((mon|tue|wed|thu|fri):([01][0-9]|2[0-3]):[0-5][0-9])$",
		`home_region("Nowhere")`:                                  "there is no time zone",
		`home_weekend("Nowhere")`:                                 "there is no time zone",
		`home_weekly_window("UTC", "day", "03:00", 60)`:           "is not a day",
		`home_weekly_window("UTC", "tue", "3", 60)`:               "is not a time",
		`home_daily_window("UTC", "03:00", 0)`:                    "a window lasts",
		`home_daily_window("UTC", "03:00", 1.5)`:                  "whole number",
		`home_daily_window("Nowhere", "03:00", 60)`:               "there is no time zone",
	} {
		x, diags := hclsyntax.ParseExpression([]byte(text), "test", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		v, diags := x.Value(&hcl.EvalContext{Functions: home.Functions()})
		got := diags.Error()
		if !diags.HasErrors() {
			got = v.AsString()
		}
		if got != want && (!diags.HasErrors() || !strings.Contains(got, want)) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
