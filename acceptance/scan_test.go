package acceptance

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsimple"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/link"
)

// A scan says how a blueprint is scanned, in testdata/scans/<blueprint>.hcl; without the
// file few rows are, and nothing grave is skipped.
type scan struct {
	// Rows of options: the defaults and those of the pairwise rows that come first,
	// which hold most of the pairs.
	Rows int `hcl:"rows,optional"`
	// Grave are the checks of high or critical severity that a comment may skip, with
	// the reason.
	Grave map[string]string `hcl:"grave,optional"`
}

// scannedRows is how many rows are scanned of a blueprint that does not say.
const scannedRows = 4

func scanOf(blueprint string) (scan, error) {
	var s scan
	err := hclsimple.DecodeFile(filepath.Join("testdata", "scans", blueprint+".hcl"), nil, &s)
	if diags := (hcl.Diagnostics{}); errors.As(err, &diags) && len(diags) == 1 && diags[0].Summary == "Configuration file not found" {
		err = nil
	}
	s.Rows = cmp.Or(s.Rows, scannedRows)
	return s, err
}

// TestScan has the scanners that platform teams use look at the defaults of each
// blueprint and at combinations of its options. Whatever they find is mended in the
// template or skipped by a comment with a reason, and no comment outlives its finding.
func TestScan(t *testing.T) {
	harness.Live(t)
	t.Parallel()
	for _, blueprint := range builtIn(t).Blueprints() {
		t.Run(blueprint, func(t *testing.T) {
			t.Parallel()
			how, err := scanOf(blueprint)
			if err != nil {
				t.Fatal(err)
			}
			root, modules, skips := renderRows(t, blueprint, how.Rows)
			for _, name := range harness.Scanners() {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					scanned(t, how, name, root, modules, slices.Clone(skips))
				})
			}
		})
	}
}

// scanned has one scanner look at modules.
func scanned(t *testing.T, how scan, scanner, root string, modules []string, skips []skip) {
	found, err := harness.FindScanner(t, scanner).Scan(root, modules)
	if err != nil {
		t.Fatal(err)
	}
	skipped, met := 0, map[string]bool{}
	for _, f := range found {
		_, file, _ := strings.Cut(f.File, "/") // the first part is the row
		switch {
		case !f.Skipped:
			t.Error(f)
		case f.Severity == "high" || f.Severity == "critical":
			if met[f.ID] = true; how.Grave[f.ID] == "" {
				t.Errorf("skipped, but too grave for that: %s", f)
			}
			fallthrough
		default:
			skipped++
			for i := range skips {
				skips[i].use(scanner, f, file)
			}
		}
	}
	t.Logf("%d modules, %d findings skipped by comments", len(modules), skipped)
	if scanner == harness.TFLint {
		return // it does not tell what it skips
	}
	for _, s := range unused(skips, scanner) {
		t.Errorf("%s:%d (options %s): nothing is found that this comment would skip: %s", s.file, s.line, s.row, s.text)
	}
	if scanner == harness.Trivy { // it alone tells how grave a finding is
		for id := range how.Grave {
			if !met[id] {
				t.Errorf("nothing is found that may be skipped as %s", id)
			}
		}
	}
}

// A skip is a comment that tells a scanner to pass over a finding.
type skip struct {
	row, file string
	line      int
	text      string
	scanner   string
	id        string
	used      bool
}

// use notes that the comment is the one for which the finding was skipped.
func (s *skip) use(scanner string, f harness.Finding, file string) {
	if s.scanner != scanner || s.row+"/"+file != f.File || s.id != f.ID {
		return
	}
	// checkov's comment stands inside of the object, that of trivy above it or
	// above a part of it.
	if s.line >= f.Line && s.line <= f.End || scanner == harness.Trivy && s.line < f.Line {
		s.used = true
	}
}

// unused returns the comments that are not needed in any row; a comment that is
// needed in one may stand in others.
func unused(skips []skip, scanner string) []skip {
	used := map[string]bool{}
	for _, s := range skips {
		used[s.file+s.text] = used[s.file+s.text] || s.used
	}
	var out []skip
	for _, s := range skips {
		if s.scanner == scanner && !used[s.file+s.text] {
			used[s.file+s.text] = true // said once
			out = append(out, s)
		}
	}
	return out
}

// The forms of the comments, each with an id and a reason of some words.
var (
	looksLikeSkip = regexp.MustCompile(`(?i)(checkov|bridgecrew):\s*skip|(trivy|tfsec):ignore|tflint-ignore|kics-scan`)
	skipForms     = map[string]*regexp.Regexp{
		harness.Checkov: regexp.MustCompile(`^\s*# checkov:skip=(CKV2?_AWS_\d+):\S+( \S+){2,}$`),
		harness.Trivy:   regexp.MustCompile(`^\s*# trivy:ignore:(AWS-\d{4}) \S+( \S+){2,}$`),
		harness.TFLint:  regexp.MustCompile(`^\s*# tflint-ignore: (terraform_\w+) # \S+( \S+){2,}$`),
	}
)

// skipsIn returns the comments of a file, and complaints about those that lack a
// reason or are for whole files.
func skipsIn(row, file, text string) (skips []skip, wrong []string) {
	line := 0
	for l := range strings.Lines(text) {
		line++
		if !looksLikeSkip.MatchString(l) {
			continue
		}
		s := skip{row: row, file: file, line: line, text: strings.TrimSpace(l)}
		for scanner, form := range skipForms {
			if m := form.FindStringSubmatch(strings.TrimRight(l, "\n")); m != nil {
				s.scanner, s.id = scanner, m[1]
			}
		}
		if s.scanner == "" {
			wrong = append(wrong, fmt.Sprintf("%s:%d (options %s): a comment that skips a finding is a line of its own and says why: %s", file, line, row, s.text))
			continue
		}
		skips = append(skips, s)
	}
	return skips, wrong
}

// TestSkipsHaveReasons holds every comment that skips a finding, with each value of
// each option, to its form.
func TestSkipsHaveReasons(t *testing.T) {
	t.Parallel()
	for _, name := range builtIn(t).Blueprints() {
		axes, rows := covering(t, builtInBlueprint(t, name))
		n := 0
		for _, row := range rows {
			n += len(skipsOf(t, label(row, axes), memory(t, name, link.Flat, row)))
		}
		t.Logf("%s: %d comments skip a finding", name, n)
	}
	for _, tt := range []struct{ line, scanner string }{
		{"  # checkov:skip=CKV_AWS_18:a log needs no log", harness.Checkov},
		{"# trivy:ignore:AWS-0107 a public site is public", harness.Trivy},
		{"# tflint-ignore: terraform_naming_convention # the name is given", harness.TFLint},
		{"# checkov:skip=CKV_AWS_18", ""},
		{"# checkov:skip=CKV_AWS_18:no", ""},
		{"# trivy:ignore:*  whatever is found here", ""},
		{"# trivy:ignore:AWS-0107", ""},
		{"# tflint-ignore-file: terraform_naming_convention # the name is given", ""},
		{"a = 1 # tfsec:ignore:AWS018", ""},
	} {
		skips, wrong := skipsIn("", "x.tf", tt.line+"\n")
		if good := len(wrong) == 0; good != (tt.scanner != "") || good && (len(skips) != 1 || skips[0].scanner != tt.scanner) {
			t.Errorf("%q: %v, %v", tt.line, skips, wrong)
		}
	}
}

// renderRows renders the first rows of those that hold every pair of values into
// numbered folders below root, and returns these and the comments in them.
func renderRows(t *testing.T, blueprint string, most int) (root string, modules []string, skips []skip) {
	t.Helper()
	root = harness.WorkDir(t)
	axes, rows := pairs(t, builtInBlueprint(t, blueprint))
	if len(rows) < most {
		t.Fatalf("%d combinations of options are too few", len(rows))
	}
	for i, row := range rows[:most] {
		module := fmt.Sprintf("%02d", i)
		t.Log(module, label(row, axes))
		modules = append(modules, module)
		dir := filepath.Join(root, module)
		skips = append(skips, skipsOf(t, module, render(t, dir, blueprint, link.Flat, row))...)
		if _, err := os.Stat(complete(dir)); err != nil {
			t.Fatalf("%s has no example, in which variables have values: %v", blueprint, err)
		}
	}
	return root, modules, skips
}

// skipsOf returns the comments of a rendering that skip findings.
func skipsOf(t *testing.T, row string, result generator.Result) []skip {
	t.Helper()
	var skips []skip
	for _, f := range result.Files.Files() {
		if filepath.Ext(f.Path) != ".tf" {
			continue
		}
		s, wrong := skipsIn(row, f.Path, string(f.Bytes))
		for _, w := range wrong {
			t.Error(w)
		}
		skips = append(skips, s...)
	}
	return skips
}
