package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/acceptance/harness"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
)

// scannedRows is how many combinations of options are scanned: the defaults and
// those of the pairwise rows that come first, which hold most of the pairs.
const scannedRows = 16

// grave are the checks of high or critical severity that a comment may skip.
// Everywhere else such a finding is to be mended.
var grave = map[string]string{
	"AWS-0011": "a distribution without a web ACL: only with waf = false, which has to be chosen",
	"AWS-0053": "a load balancer on the internet: only with cdn = false, where users reach it, or origin = \"prefix-list\", where it admits CloudFront alone",
	"AWS-0104": "egress to any address: only with a NAT gateway, which is there for services whose addresses change, and only TCP 443",
	"AWS-0132": "buckets without a key of our own: load balancers write their logs to no other, and static files are public",
}

// TestScan has the scanners that platform teams use look at the defaults and at
// combinations of options. Whatever they find is mended in the template or
// skipped by a comment with a reason, and no comment outlives its finding.
func TestScan(t *testing.T) {
	harness.Live(t)
	root, modules, skips := renderRows(t, "ecs-fargate", scannedRows)
	for _, name := range harness.Scanners() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, err := harness.FindScanner(t, name).Scan(root, modules)
			if err != nil {
				t.Fatal(err)
			}
			skipped := 0
			for _, f := range found {
				_, file, _ := strings.Cut(f.File, "/") // the first part is the row
				switch {
				case !f.Skipped:
					t.Error(f)
				case f.Severity == "high" || f.Severity == "critical":
					if grave[f.ID] == "" {
						t.Errorf("skipped, but too grave for that: %s", f)
					}
					fallthrough
				default:
					skipped++
					for i := range skips {
						skips[i].use(name, f, file)
					}
				}
			}
			t.Logf("%d modules, %d findings skipped by comments", len(modules), skipped)
			if name == harness.TFLint {
				return // it does not tell what it skips
			}
			for _, s := range unused(skips, name) {
				t.Errorf("%s:%d (options %s): nothing is found that this comment would skip: %s", s.file, s.line, s.row, s.text)
			}
		})
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

// TestSkipsHaveReasons holds every comment that skips a finding, in every
// combination of options, to its form.
func TestSkipsHaveReasons(t *testing.T) {
	for _, name := range builtIn(t).Blueprints() {
		if _, _, skips := renderRows(t, name, 0); len(skips) == 0 {
			t.Errorf("%s: no comment skips anything, which is hard to believe", name)
		}
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

// renderRows renders the first rows of a covering set, or all for 0, into
// numbered folders below root, and returns these and the comments in them.
func renderRows(t *testing.T, blueprint string, most int) (root string, modules []string, skips []skip) {
	t.Helper()
	root = harness.WorkDir(t)
	axes, rows := pairs(t, builtInBlueprint(t, blueprint))
	if most > 0 && len(rows) < 13 {
		t.Fatalf("%d combinations of options are too few", len(rows))
	}
	for i, row := range rows {
		if most > 0 && i == most {
			break
		}
		module := fmt.Sprintf("%02d", i)
		if most > 0 {
			t.Log(module, label(row, axes))
		}
		modules = append(modules, module)
		skips = append(skips, renderRow(t, filepath.Join(root, module), blueprint, module, row)...)
	}
	return root, modules, skips
}

func renderRow(t *testing.T, dir, blueprint, module string, row matrix.Row) []skip {
	t.Helper()
	var skips []skip
	result := render(t, dir, blueprint, link.Flat, row)
	for _, f := range result.Files.Files() {
		if filepath.Ext(f.Path) != ".tf" {
			continue
		}
		s, wrong := skipsIn(module, f.Path, string(f.Bytes))
		for _, w := range wrong {
			t.Error(w)
		}
		skips = append(skips, s...)
	}
	if _, err := os.Stat(complete(dir)); err != nil {
		t.Fatalf("%s has no example, in which variables have values: %v", blueprint, err)
	}
	return skips
}
