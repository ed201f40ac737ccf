// Package home knows what follows from where the users of a system are.
//
// It takes the name of a time zone of the IANA database and returns what a
// blueprint derives from it: maintenance and backup windows at night, in UTC, the
// days of the weekend, the nearest AWS region, the name that RDS for MySQL has
// for the zone. The data is carried, so that neither the machine's copy of the
// database nor the clock changes a result: offsets are those of one reference
// year. It decides nothing about options and does not touch the operating
// system.
package home

//go:generate go run ./gen

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Year is the reference year of all offsets. Where daylight saving time is kept,
// its smallest and greatest offset stand for every year: a date on which the
// clock changes is never used.
const Year = 2026

// Default is the time zone of those for whom the notes were written.
const Default = "Asia/Tokyo" // notes: aurora.param-time-zone, region.example-region

//go:embed zones.txt
var zones string

// A Home is where the users of a system are.
type Home struct {
	Zone  string // name of the time zone, such as Europe/Paris
	past  string // digest of its offsets of many years
	clock string // its offsets of the reference year and when they change

	// low and high are the smallest and the greatest offset of the year, in
	// minutes east of UTC.
	low, high int
}

// table holds every zone, sorted by name.
var table = sync.OnceValue(func() []Home {
	var out []Home
	for line := range strings.Lines(zones) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		past, clock, ok := strings.Cut(rest, " ")
		if !ok || name == "#" {
			continue
		}
		h := Home{Zone: name, past: past, clock: clock}
		for i, field := range strings.Fields(clock) {
			digits, _, _ := strings.Cut(field, "@")
			offset, err := strconv.Atoi(digits)
			if err != nil {
				continue // TestZones reads every line
			}
			if i == 0 {
				h.low, h.high = offset, offset
			}
			h.low, h.high = min(h.low, offset), max(h.high, offset)
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Home) int { return strings.Compare(a.Zone, b.Zone) })
	return out
})

// Find returns the home in a time zone, and false when there is no such zone.
func Find(zone string) (Home, bool) {
	i, ok := slices.BinarySearchFunc(table(), zone, func(h Home, name string) int { return strings.Compare(h.Zone, name) })
	if !ok {
		return Home{}, false
	}
	return table()[i], true
}

// FindOrDefault returns the home in a time zone, or in Default when there is no
// such zone.
func FindOrDefault(zone string) Home {
	h, ok := Find(zone)
	if !ok {
		h, _ = Find(Default)
	}
	return h
}

// Zones returns the names of all time zones, sorted.
func Zones() []string {
	var out []string
	for _, h := range table() {
		out = append(out, h.Zone)
	}
	return out
}

// area returns the part of the world that the zone is named after. The names of
// countries in the Americas are older ones for zones there.
func (h Home) area() string {
	area, _, _ := strings.Cut(h.Zone, "/")
	switch area {
	case "US", "Canada", "Brazil", "Chile", "Mexico":
		return "America"
	case "Africa", "Atlantic", "Arctic":
		return "Europe" // what is nearest of the regions that every account has
	case "Indian":
		return "Asia"
	}
	return area
}
