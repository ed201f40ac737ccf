package generator_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// TestHomeOfAModule renders for another place: nothing but quotes of the notes and
// the option's default may be left of the notes' place.
func TestHomeOfAModule(t *testing.T) {
	t.Parallel()
	quote := regexp.MustCompile(`NOTES\.md#|notes \d|` + "`home`")
	for _, c := range []struct{ home, region, window, weekend, database string }{
		{"Europe/Dublin", "eu-west-1", "tue:03:00-tue:04:00", "fri:23:00 to mon:00:00", "Europe/Dublin"},
		{"America/Los_Angeles", "us-west-2", "tue:11:00-tue:12:00", "sat:07:00 to mon:08:00", "US/Pacific"},
		{"Asia/Riyadh", "eu-central-1", "tue:00:00-tue:01:00", "thu:21:00 to sat:21:00", "Asia/Riyadh"},
	} {
		res := render(t, builtIn(t), []resolve.Input{{Name: resolve.Home, Raw: c.home, Source: "test"}, {Name: "scheduled_tasks", Raw: "true", Source: "test"}}, link.Flat)
		file := func(name string) string {
			b, ok := res.Files.Get(name)
			if !ok {
				t.Fatalf("there is no %s", name)
			}
			return string(b)
		}
		for name, want := range map[string]string{
			"variables.tf":              `= "` + c.window + `"`,
			"examples/complete/main.tf": `region = "` + c.region + `"`,
			"database.tf":               `= "` + c.database + `"`,
			"scheduled-tasks.tf":        `"` + c.home + `"`,
		} {
			if !strings.Contains(file(name), want) {
				t.Errorf("%s: %s lacks %s", c.home, name, want)
			}
		}
		if !strings.Contains(file("variables.tf"), c.weekend) {
			t.Errorf("%s: the weekend is not %s", c.home, c.weekend)
		}
		for _, f := range res.Files.Files() {
			if f.Path == "NOTES.md" {
				continue // it says what the notes say
			}
			for line := range strings.Lines(string(f.Bytes)) {
				if onePlace.MatchString(line) && !quote.MatchString(line) {
					t.Errorf("%s: %s: %s", c.home, f.Path, line)
				}
			}
		}
	}
}

// TestCosts holds the default's costs to a reviewer's estimate of a month in the
// notes' region, made without the list of prices and right to 15 %.
func TestCosts(t *testing.T) {
	t.Parallel()
	res := render(t, builtIn(t), nil, link.Flat)
	readme, _ := res.Files.Get("README.md")
	costs := costTable(t, string(readme))
	for item, want := range map[string]float64{
		"Interface endpoints, one address in each zone": 153.0 / 5 * 4, // the reviewer counted one more, which nobody could use
		"Database instances":                            165,
		"Fargate tasks, at the initial number":          90,
		"Cache nodes":                                   70,
		"Load balancers":                                18,
		"**Sum**":                                       540 - 153.0/5,
	} {
		if got := costs[item]["default"]; math.Abs(got-want) > 0.15*want {
			t.Errorf("%s: $%.0f, a reviewer estimates $%.0f", item, got, want)
		}
	}
	for profile, want := range map[string]float64{"dev": 310, "prd": 875 - 153.0/5} {
		if got := costs["**Sum**"][profile]; math.Abs(got-want) > 0.15*want {
			t.Errorf("%s: $%.0f, a reviewer estimates $%.0f", profile, got, want)
		}
	}
}

// TestCostsAreWhole holds that no combination of options has a resource that
// nobody has put a price on, or said that it has none.
func TestCostsAreWhole(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	for _, s := range samples(t, cat) {
		res := renderSample(t, cat, s, link.Flat)
		readme, _ := res.Files.Get("README.md")
		if s.blueprint != reference && !strings.Contains(string(readme), "## What it costs") {
			continue // nothing in it has a price of its own
		}
		for item := range costTable(t, string(readme)) {
			if strings.HasPrefix(item, "Not priced") {
				t.Errorf("%s: with %s", item, s)
			}
		}
	}
}

// costTable reads the table of costs: dollars by item and profile.
func costTable(t *testing.T, readme string) map[string]map[string]float64 {
	t.Helper()
	_, section, ok := strings.Cut(readme, "## What it costs\n")
	if !ok {
		t.Fatal("the README does not say what it costs")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	out := map[string]map[string]float64{}
	var heads []string
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		switch {
		case !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---"):
		case heads == nil:
			heads = cells
		default:
			row := map[string]float64{}
			for i, cell := range cells[1:] {
				amount, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(cell), "*"), " ")
				row[strings.TrimSpace(heads[i+1])], _ = strconv.ParseFloat(amount, 64)
			}
			out[strings.TrimSpace(cells[0])] = row
		}
	}
	if len(out) < 2 { // an item, and the sum
		t.Fatalf("the table of costs has %d rows", len(out))
	}
	return out
}
