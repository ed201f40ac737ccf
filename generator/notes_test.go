package generator_test

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog/catalogtest"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/templates"
)

const notesPath = "NOTES.md"

var (
	noteComment = regexp.MustCompile(`(?m)(?:#|//) (?:departs from )?notes ([a-z0-9-]+\.[\w-]+(?:, [a-z0-9-]+\.[\w-]+)*)|; (?:departs from )notes ([a-z0-9-]+\.[\w-]+(?:, [a-z0-9-]+\.[\w-]+)*)`)
	noteHeading = regexp.MustCompile(`^#### (\S+)$`)
	lineLink    = regexp.MustCompile(`\]\(([^)#]+)#L(\d+)\)`)
	anchorLink  = regexp.MustCompile(`\]\(([^)#]*)#([^L)][^)]*)\)`)
	pageLink    = regexp.MustCompile(`\]\[(\d+)\]`)
	departing   = regexp.MustCompile(`(?:#|//) departs: ([a-z0-9-]+\.[\w-]+(?:, [a-z0-9-]+\.[\w-]+)*)`)
	pageDefined = regexp.MustCompile(`^\[(\d+)\]: <https://\S+>$`)
)

// TestNotesFile: with any options, in both layouts, NOTES.md has every entry that the
// module names, and what it leads to is there: lines that name the entry, headings of
// the README, addresses.
func TestNotesFile(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	session := generator.NewSession(cat)
	for i, s := range samples(t, cat) {
		layout := link.Flat
		if i%4 == 0 {
			layout = link.Nested
		}
		res, diags := session.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: s.blueprint, Inputs: inputs(s.row), Layout: layout})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if faults := notesFaults(res); len(faults) > 0 {
			t.Errorf("%s, %s: %s", s, layout, strings.Join(faults[:min(len(faults), 10)], "\n\t"))
		}
	}
}

// TestDeparturesAreDeclared: of every line of a built-in template that departs from an
// entry, a deviation of each blueprint that uses the template gives the reason.
func TestDeparturesAreDeclared(t *testing.T) {
	t.Parallel()
	cat := builtIn(t)
	found := 0
	for _, name := range cat.Blueprints() {
		bp, diags := cat.Blueprint(name)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		declared, looked := map[string]bool{}, map[string]bool{}
		for _, d := range cat.Deviations(bp) {
			for _, id := range d.Notes {
				declared[id] = true
			}
		}
		for _, c := range bp.Components {
			if looked[c.Template] {
				continue
			}
			looked[c.Template] = true
			for place, id := range departures(t, c.Template) {
				if found++; !declared[id] {
					t.Errorf("%s: a line departs from %s, but no deviation of %s does", place, id, name)
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d lines depart", found)
	}
}

// departures are the entries that a built-in template departs from, by where.
func departures(t *testing.T, template string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(templates.FS, template, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := fs.ReadFile(templates.FS, name)
		for _, m := range departing.FindAllSubmatchIndex(src, -1) {
			line := 1 + strings.Count(string(src[:m[0]]), "\n")
			for i, id := range strings.Split(string(src[m[2]:m[3]]), ", ") {
				out[fmt.Sprintf("%s:%d (%d)", name, line, i+1)] = id
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// notesFaults returns what is wrong with the NOTES.md of a rendering.
func notesFaults(res generator.Result) (faults []string) {
	notes, ok := res.Files.Get(notesPath)
	if !ok {
		return []string{"no NOTES.md"}
	}
	readme, _ := res.Files.Get("README.md")
	headings, defined, entries := anchors(string(readme)), map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(string(notes)) {
		if m := pageDefined.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			defined[m[1]] = true
		}
		if m := noteHeading.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			entries[m[1]] = true
		}
	}
	id := ""
	for line := range strings.Lines(string(notes)) {
		if m := noteHeading.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			id = m[1]
		}
		for _, m := range lineLink.FindAllStringSubmatch(line, -1) {
			if fault := leads(res, m[1], m[2], id, strings.HasPrefix(line, "- Departs")); fault != "" {
				faults = append(faults, id+": "+fault)
			}
		}
		for _, m := range anchorLink.FindAllStringSubmatch(line, -1) {
			if m[1] == "README.md" && !headings[m[2]] {
				faults = append(faults, id+": README.md has no heading "+m[2])
			}
		}
		for _, m := range pageLink.FindAllStringSubmatch(line, -1) {
			if !defined[m[1]] {
				faults = append(faults, id+": the address "+m[1]+" is not defined")
			}
		}
	}
	return append(faults, missing(res, entries, anchors(string(notes)))...)
}

// leads says what is wrong with a link to a line, which must name the entry. In
// Markdown and JSON the citation has gone.
func leads(res generator.Result, file, line, id string, departs bool) string {
	text, ok := res.Files.Get(file)
	n, _ := strconv.Atoi(line)
	lines := strings.Split(string(text), "\n")
	switch {
	case !ok || n < 1 || n > len(lines) || strings.TrimSpace(lines[n-1]) == "":
		return "there is no " + file + ":" + line
	case slices.Contains([]string{".md", ".json"}, path.Ext(file)):
		return ""
	case !strings.Contains(lines[n-1], id):
		return file + ":" + line + " does not name it: " + lines[n-1]
	case departs != regexp.MustCompile(`departs from notes ([^;:]*, )?`+regexp.QuoteMeta(id)+`(,|:|;|$)`).MatchString(lines[n-1]):
		return file + ":" + line + " departs, or does not: " + lines[n-1]
	}
	return ""
}

// missing returns what files name that NOTES.md lacks, and deviations that it lacks.
func missing(res generator.Result, entries, headings map[string]bool) (faults []string) {
	for _, f := range res.Files.Files() {
		if f.Path == notesPath || f.Path == "README.md" {
			continue
		}
		for _, m := range noteComment.FindAllStringSubmatch(string(f.Bytes), -1) {
			for id := range strings.SplitSeq(m[1]+m[2], ", ") {
				if !entries[id] {
					faults = append(faults, f.Path+" names "+id+", which NOTES.md lacks")
				}
			}
		}
		for _, m := range anchorLink.FindAllStringSubmatch(string(f.Bytes), -1) {
			if path.Join(path.Dir(f.Path), m[1]) == notesPath && !headings[m[2]] {
				faults = append(faults, f.Path+" leads to "+m[2]+", which NOTES.md lacks")
			}
		}
	}
	for _, d := range res.Deviations {
		for _, id := range d.Notes {
			if !entries[id] {
				faults = append(faults, "the deviation "+d.Name+" departs from "+id+", which NOTES.md lacks")
			}
		}
	}
	return faults
}

// anchors returns the anchors that GitHub gives to the headings of a document.
func anchors(markdown string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(markdown) {
		if heading := strings.TrimLeft(line, "#"); heading != line && strings.HasPrefix(heading, " ") {
			kept := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
			out[strings.ReplaceAll(kept, " ", "-")] = true
		}
	}
	return out
}

// TestDepartures: what a comment says of an entry follows from the deviations in
// force, and so does NOTES.md.
func TestDepartures(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/session/departure.txtar")
	if err != nil {
		t.Fatal(err)
	}
	cat, diags := catalogtest.Archive(t, archive)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	const (
		kept     = "input = var.t_days # notes s3.retention: as long as we may\n"
		both     = "# notes s3.retention, s3.public: both\n# why: closed to all\n"
		public   = "version: 0.2 # notes s3.public: Everybody may read the bucket\n"
		profile  = "t_days = 365 # notes s3.retention: Logs are kept for 7 days\n"
		retained = "- Here: [files/t/task.json:2](files/t/task.json#L2), [t-restore.md:3](runbooks/t-restore.md#L3)"
	)
	for why, want := range map[string]map[string]string{
		"none": {"t.tf": kept, "t.tf ": both, "files/t/build.yml": public, "envs/prd.tfvars": profile, "NOTES.md": "\n#### s3.public\n\nEverybody may read the bucket. (lines 3-5, rule)\n\n- Here: [files/t/build.yml:1](files/t/build.yml#L1), "},
		"one": {
			"t.tf": "input = var.t_days # departs from notes s3.retention: One reason\n", "t.tf ": "# notes s3.public: both; departs from notes s3.retention\n# why: closed to all\n", "files/t/build.yml": public,
			"variables.tf": "default = 7 # departs from notes s3.retention: One reason\n", "envs/prd.tfvars": "t_days = 365 # departs from notes s3.retention: One reason\n", "NOTES.md": retained,
		},
		"two":     {"t.tf": "input = var.t_days # departs from notes s3.retention: Another reason\n", "README.md": "[s3.retention](NOTES.md#s3retention)"},
		"public":  {"t.tf": kept, "t.tf ": "# notes s3.retention: both; departs from notes s3.public\n# departs from notes s3.public: Who is not asked reads\n", "files/t/build.yml": "version: 0.2 # departs from notes s3.public: Who is not asked reads\n"},
		"profile": {"t.tf": kept, "t.tf ": both, "envs/prd.tfvars": "t_days = 365 # departs from notes s3.retention: The auditors ask for it\n", "NOTES.md": "; [envs/prd.tfvars:"},
	} {
		res, diags := generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: "case", Inputs: []resolve.Input{{Name: "why", Raw: why, Source: "test"}}})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for file, words := range want {
			if text, _ := res.Files.Get(strings.TrimSpace(file)); !strings.Contains(string(text), words) {
				t.Errorf("why = %s: %s lacks %q:\n%s", why, file, words, text)
			}
		}
		if faults := notesFaults(res); len(faults) > 0 {
			t.Errorf("why = %s: %s", why, strings.Join(faults, "\n"))
		}
		notes, _ := res.Files.Get(notesPath)
		if text := string(notes); strings.Contains(text, "s3.silent") || !strings.Contains(text, "They are notes of a test.") {
			t.Errorf("why = %s: NOTES.md holds what nobody cites, or does not say what the notes are:\n%s", why, text)
		}
	}
}
