package check

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/home"
	"github.com/bpgen/bpgen/generator/resolve"
)

// places checks that nothing is written for one place in the world: where the
// users are is what the option home says.
func (c *checker) places() {
	for _, name := range c.bp.FileNames() {
		c.placesIn(c.bp.Files[name].Bytes, name, code, c.homes(name)...)
	}
	for _, t := range c.own() {
		for _, f := range t.Files {
			c.placesIn(f.Src, f.Path, code)
		}
		for _, f := range slices.Concat(t.Tests, t.Mocks) {
			c.placesIn(f.Src, f.Path, prose)
		}
		for _, a := range t.Assets {
			c.placesIn(a.Src, path.Join(t.Dir, a.Path), prose)
		}
	}
}

// homes returns the blocks of a file in which a blueprint says where its users are:
// the option home, and profiles of blueprints that are not for everybody.
func (c *checker) homes(file string) []hcl.Range {
	body, ok := c.bp.Files[file].Body.(*hclsyntax.Body)
	if !ok {
		return nil
	}
	var out []hcl.Range
	for _, b := range body.Blocks {
		home := b.Type == "option" && slices.Equal(b.Labels, []string{resolve.Home})
		if home || b.Type == "profile" && c.cat.RootOf(c.bp.Name) != "" {
			out = append(out, hcl.RangeBetween(b.TypeRange, b.CloseBraceRange))
		}
	}
	return out
}

// A content says what stands in a file: code, in which windows and weekdays mean
// something, or anything else.
type content int

const (
	prose content = iota
	code
)

// A place is what makes text good for one place only.
type place struct {
	start, end int // in its line
	detail     string
}

// placesIn looks at one file, line by line, without the lines of some blocks.
func (c *checker) placesIn(src []byte, name string, what content, except ...hcl.Range) {
	global := worldwide.Match(src)
	offset := 0
	for i, line := range bytes.SplitAfter(src, []byte{'\n'}) {
		if slices.ContainsFunc(except, func(r hcl.Range) bool { return r.Start.Line <= i+1 && i+1 <= r.End.Line }) {
			offset += len(line)
			continue
		}
		text := string(uncited(line))
		found := namedPlaces(text, global)
		if what == code {
			found = append(found, nights(text)...)
		}
		for _, p := range found {
			at := func(column int) hcl.Pos { return hcl.Pos{Line: i + 1, Column: column + 1, Byte: offset + column} }
			c.errorf(hcl.Range{Filename: name, Start: at(p.start), End: at(p.end)}, "Tied to one place", "%s", p.detail)
		}
		offset += len(line)
	}
}

// citation matches the part of a line that quotes the notes, who may name places.
var citation = regexp.MustCompile(`(#|//|<!--)\s*notes:.*`)

func uncited(line []byte) []byte {
	if at := citation.FindIndex(line); at != nil {
		return line[:at[0]]
	}
	return line
}

var (
	// worldwide matches what AWS keeps in us-east-1 for all of the world.
	worldwide = regexp.MustCompile(`(?i)cloudfront|billing|budgets|ecrpublic|route53_health_check|wafv2:[a-z0-9-]+:\d*:global/`)

	regionCode = regexp.MustCompile(`\b(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov|-iso[a-z]?)?-(north|south|east|west|central)(east|west)?-\d+\b`)
	zoneName   = regexp.MustCompile(`\b[A-Z][A-Za-z]+(/[A-Z][A-Za-z_-]+)+`)
	offset     = regexp.MustCompile(`\b(JST|(UTC|GMT)[+-]\d+)\b`)
)

// cities matches the names of cities and countries in which AWS has a region.
var cities = sync.OnceValue(func() *regexp.Regexp {
	var words []string
	for _, r := range home.Regions() {
		words = append(words, regexp.QuoteMeta(r.City), regexp.QuoteMeta(r.Country))
	}
	slices.Sort(words)
	return regexp.MustCompile(`\b(` + strings.Join(slices.Compact(words), "|") + `)(n|ese)?\b`)
})

// namedPlaces finds regions, time zones and names of places in a line. global says
// that the file is about something that AWS keeps in us-east-1.
func namedPlaces(line string, global bool) []place {
	var out []place
	add := func(at []int, detail string) { out = append(out, place{at[0], at[1], detail}) }
	for _, at := range regionCode.FindAllStringIndex(line, -1) {
		code := line[at[0]:at[1]]
		partOfName := at[0] > 0 && (line[at[0]-1] == '-' || line[at[0]-1] == '_')
		if partOfName || code == "us-east-1" && global {
			continue
		}
		add(at, "The region "+code+" is close to some users only. Take it from the provider (data.aws_region) or, in a blueprint, from home_region(option."+resolve.Home+"); in prose write <region>, and in a test a region that does not exist, such as xx-example-1.")
	}
	for _, at := range zoneName.FindAllStringIndex(line, -1) {
		if zone := line[at[0]:at[1]]; known(zone) {
			add(at, "The time zone "+zone+" fits one place only. Give the template a variable for it, and set it in the blueprint to option."+resolve.Home+".")
		}
	}
	for _, at := range offset.FindAllStringIndex(line, -1) {
		add(at, line[at[0]:at[1]]+" is the local time of one place. Write times in UTC, or refer to the users' local time.")
	}
	for _, at := range cities().FindAllStringIndex(line, -1) {
		if strings.HasPrefix(line[at[1]:], "/") || slices.ContainsFunc(out, func(p place) bool { return p.start <= at[0] && at[1] <= p.end }) {
			continue // a part of the world, or of a zone's name
		}
		add(at, "A module that mentions "+line[at[0]:at[1]]+" is tied to one place. Refer to where the users are.")
	}
	return out
}

func known(zone string) bool {
	_, ok := home.Find(zone)
	return ok
}

var (
	argument = regexp.MustCompile(`^\s*(\w+)\s*=`)
	window   = regexp.MustCompile(`"((mon|tue|wed|thu|fri|sat|sun):)?\d\d:\d\d-((mon|tue|wed|thu|fri|sat|sun):)?\d\d:\d\d"`)
	weekday  = regexp.MustCompile(`\b(mon|tue|wed|thu|fri|sat|sun)\b`)
)

// nights finds windows and weekends in a line of code: both are in UTC, so the
// same hours are night, or the same days off, in one part of the world only.
func nights(line string) []place {
	name := argument.FindStringSubmatch(line)
	if name == nil || name[1] == "description" || name[1] == "error_message" {
		return nil
	}
	var out []place
	for _, at := range window.FindAllStringIndex(line, -1) {
		out = append(out, place{at[0], at[1], "The window " + line[at[0]:at[1]] + " is at night in one part of the world only. Give the template a variable without a default, and set it in the blueprint with home_weekly_window(option." + resolve.Home + ", ...) or home_daily_window."})
	}
	if name[1] != "condition" {
		return out
	}
	days := map[string]bool{}
	all := weekday.FindAllStringIndex(line, -1)
	for _, at := range all {
		days[line[at[0]:at[1]]] = true
	}
	if len(days) > 0 && len(days) < 7 {
		out = append(out, place{all[0][0], all[len(all)-1][1], "Which days in UTC are a weekend depends on where the users are. In the blueprint, compare with home_weekday_pattern(option." + resolve.Home + ")."})
	}
	return out
}
