// Command gen writes zones.txt from the time zone data that the Go distribution
// carries: every zone with its offsets from UTC in the reference year. It is for
// go generate, which says in GOROOT where that distribution is.
package main

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bpgen/bpgen/generator/home"
)

func main() {
	if err := run("zones.txt"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(out string) error {
	archive, err := zip.OpenReader(filepath.Join(os.Getenv("GOROOT"), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		return err
	}
	defer func() { _ = archive.Close() }() // nothing was written
	var lines []string
	for _, f := range archive.File {
		if !named(f.Name) {
			continue
		}
		line, err := describe(f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	head := fmt.Sprintf("# Written by generator/home/gen; do not edit by hand. The zones of the IANA database that %s\n# carries: a digest of the offsets since %d, minutes east of UTC at the start of %d, and each change in that\n# year (MM-DDTHH:MM, UTC).\n", runtime.Version(), past, home.Year)
	return os.WriteFile(out, []byte(head+strings.Join(lines, "\n")+"\n"), 0o644)
}

// named says whether a zone is named after a place, or UTC. The others are
// offsets and names from before the places.
func named(zone string) bool {
	area, _, ok := strings.Cut(zone, "/")
	return zone == "UTC" || ok && area != "Etc" && !strings.HasSuffix(zone, "/")
}

// describe returns the line of one zone.
func describe(f *zip.File) (string, error) {
	r, err := f.Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	loc, err := time.LoadLocationFromTZData(f.Name, data)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256([]byte(changes(loc, past, "2006-01-02T15:04")))
	return fmt.Sprintf("%s %x %s", f.Name, digest[:4], changes(loc, home.Year, "01-02T15:04")), nil
}

// past is the first year of which two zones must have the same offsets to pass for
// each other: dates in databases are seldom older.
const past = 2000

// changes lists the offset at the start of a year and each change to the end of
// the reference year.
func changes(loc *time.Location, year int, layout string) string {
	at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	out := strconv.Itoa(minutes(at, loc))
	for next := at; next.Year() <= home.Year; next = next.Add(15 * time.Minute) {
		if now := minutes(next, loc); now != minutes(at, loc) {
			out += fmt.Sprintf(" %d@%s", now, next.Format(layout))
			at = next
		}
	}
	return out
}

func minutes(at time.Time, loc *time.Location) int {
	_, seconds := at.In(loc).Zone()
	return seconds / 60
}
