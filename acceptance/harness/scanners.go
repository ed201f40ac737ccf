package harness

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The scanners.
const (
	Checkov = "checkov"
	TFLint  = "tflint"
	Trivy   = "trivy"
)

// Scanners lists all, for subtests.
func Scanners() []string { return []string{Checkov, TFLint, Trivy} }

// A Scanner is a pinned scanner, installed.
type Scanner struct {
	Name    string
	Version string
	path    string
}

// A Finding is what a scanner says about one place.
type Finding struct {
	Scanner  string
	ID       string // of the check
	Severity string // in lower case; "" where the scanner gives none
	File     string // slash-separated, below the scanned folder
	Line     int
	End      int // last line of the object that it is about
	Text     string
	Skipped  bool // by a comment in the file
}

// String tells the finding as a line of a test's log.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s %s: %s", f.File, f.Line, f.Scanner, strings.TrimSpace(f.ID+" "+f.Severity), f.Text)
}

var installed sync.Map // name -> func() (Scanner, error)

// FindScanner installs a scanner once per version and machine, or ends the test
// when it is not to be had.
func FindScanner(t testing.TB, name string) Scanner {
	t.Helper()
	install := map[string]func() (Scanner, error){
		Checkov: installCheckov,
		TFLint: func() (Scanner, error) {
			return buildScanner(TFLint, "github.com/terraform-linters/tflint", "github.com/terraform-linters/tflint")
		},
		Trivy: func() (Scanner, error) { return buildScanner(Trivy, "github.com/aquasecurity/trivy", ".") },
	}[name]
	once, _ := installed.LoadOrStore(name, sync.OnceValues(install))
	s, err := once.(func() (Scanner, error))()
	if err != nil {
		missing(t, name, "", err)
	}
	note("%s %s", s.Name, s.Version)
	return s
}

// buildScanner builds a package of the tools module of that name.
func buildScanner(name, module, pkg string) (Scanner, error) {
	root, err := repoRoot()
	if err != nil {
		return Scanner{}, err
	}
	tools := filepath.Join(root, "acceptance", "tools", name)
	version, err := goTool(tools, "list", "-m", "-f", "{{.Version}}", module)
	if err != nil {
		return Scanner{}, err
	}
	// The module's own files are part of what is built.
	pin, err := contentHash(tools)
	if err != nil {
		return Scanner{}, err
	}
	s := Scanner{Name: name, Version: strings.TrimSpace(version)}
	dir, err := cacheDir(strings.Join([]string{name, s.Version, pin[:12], runtime.GOOS, runtime.GOARCH}, "-"))
	if err != nil {
		return Scanner{}, err
	}
	s.path = filepath.Join(dir, name+exe())
	return s, buildOnce(s.path, name+" "+s.Version, tools, "-s -w", pkg)
}

// installCheckov installs the pinned release into a virtual environment.
func installCheckov() (Scanner, error) {
	bin, version, err := pythonTool{name: Checkov, module: Checkov, requirements: "checkov/requirements.txt"}.install()
	return Scanner{Name: Checkov, Version: version, path: filepath.Join(bin, Checkov)}, err
}

// Scan scans the modules, folders below root, and returns what was found, sorted
// and without repetitions. One process looks at all of them, and what it said is
// kept: the same files are not scanned twice on one machine.
func (s Scanner) Scan(root string, modules []string) ([]Finding, error) {
	hash, err := contentHash(root)
	if err != nil {
		return nil, err
	}
	cache, err := cacheDir("scans")
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256([]byte(strings.Join([]string{s.path, hash, scanFormat, strings.Join(modules, "\n")}, "\n")))
	file := filepath.Join(cache, s.Name+"-"+hex.EncodeToString(key[:16])+".json")
	var findings []Finding
	if raw, err := os.ReadFile(file); err == nil && os.Getenv(EnvFresh) == "" && json.Unmarshal(raw, &findings) == nil {
		note("%s had scanned the same files before", s.Name)
		return findings, nil
	}
	run := map[string]func(string, []string) ([]Finding, error){Checkov: s.checkov, TFLint: s.tflint, Trivy: s.trivy}[s.Name]
	if findings, err = run(root, modules); err != nil {
		return nil, err
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text))
	})
	findings = slices.Compact(findings)
	raw, err := json.Marshal(findings)
	if err != nil {
		return nil, err
	}
	return findings, os.WriteFile(file, raw, 0o644)
}

// scanFormat changes when the same output of a scanner is read in another way.
const scanFormat = "1"

// checkov gives no severities without an account at its maker.
func (s Scanner) checkov(root string, _ []string) ([]Finding, error) {
	out, err := s.run(root, "--directory", ".", "--framework", "terraform", "--skip-download", "--output", "json", "--compact")
	if err != nil {
		return nil, err
	}
	type check struct {
		ID    string `json:"check_id"`
		Name  string `json:"check_name"`
		File  string `json:"file_path"`
		Lines [2]int `json:"file_line_range"`
	}
	var report struct {
		Results struct {
			Failed  []check  `json:"failed_checks"`
			Skipped []check  `json:"skipped_checks"`
			Errors  []string `json:"parsing_errors"`
		}
		Summary struct{ Passed int }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, fmt.Errorf("checkov: %w: %.200s", err, out)
	}
	if len(report.Results.Errors) > 0 || report.Summary.Passed == 0 {
		return nil, fmt.Errorf("checkov passed %d checks and could not read %q", report.Summary.Passed, report.Results.Errors)
	}
	var findings []Finding
	add := func(checks []check, skipped bool) {
		for _, c := range checks {
			findings = append(findings, Finding{
				Scanner: Checkov, ID: c.ID, File: strings.TrimPrefix(c.File, "/"), Line: c.Lines[0], End: c.Lines[1], Text: c.Name, Skipped: skipped,
			})
		}
	}
	add(report.Results.Failed, false)
	add(report.Results.Skipped, true)
	return findings, nil
}

func (s Scanner) tflint(root string, _ []string) ([]Finding, error) {
	repo, err := repoRoot()
	if err != nil {
		return nil, err
	}
	out, err := s.run(root, "--recursive", "--format", "json", "--config", filepath.Join(repo, "acceptance", "tools", TFLint, "tflint.hcl"))
	if err != nil {
		return nil, err
	}
	var report struct {
		Issues []struct {
			Rule    struct{ Name, Severity string }
			Message string
			Range   struct {
				Filename   string
				Start, End struct{ Line int }
			}
		}
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, fmt.Errorf("tflint: %w: %.200s", err, out)
	}
	if len(report.Errors) > 0 {
		return nil, fmt.Errorf("tflint: %s", report.Errors[0].Message)
	}
	var findings []Finding
	for _, i := range report.Issues {
		findings = append(findings, Finding{
			Scanner: TFLint, ID: i.Rule.Name, Severity: strings.ToLower(i.Rule.Severity), File: filepath.ToSlash(i.Range.Filename),
			Line: i.Range.Start.Line, End: i.Range.End.Line, Text: i.Message,
		})
	}
	return findings, nil
}

// trivy looks at the examples that call the modules: there every variable has a
// value, and a check sees what will be built.
func (s Scanner) trivy(root string, modules []string) ([]Finding, error) {
	args := []string{"."}
	for _, m := range modules {
		args = append(args, filepath.ToSlash(filepath.Join(m, "examples", "complete")))
	}
	out, err := s.run(root, args...)
	if err != nil {
		return nil, err
	}
	var report []struct {
		ID, Severity, File, Text, Status string
		Line, End                        int
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return nil, fmt.Errorf("trivy: %w: %.200s", err, out)
	}
	var findings []Finding
	passed := 0
	for _, r := range report {
		if r.Status == "passed" {
			passed++
			continue
		}
		findings = append(findings, Finding{
			Scanner: Trivy, ID: r.ID, Severity: strings.ToLower(r.Severity), File: r.File,
			Line: r.Line, End: r.End, Text: r.Text, Skipped: r.Status == "ignored",
		})
	}
	if passed == 0 {
		return nil, errors.New("trivy passed no check")
	}
	return findings, nil
}

// run runs the scanner. Some exit with 1 or 2 for findings: whether it worked is
// seen by its output.
func (s Scanner) run(dir string, args ...string) ([]byte, error) {
	home, err := tempDir("home")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.path, args...)
	cmd.Dir = dir
	// Checkov gives up a file that it has not read in ten seconds, which a busy
	// machine may need; the limit of the whole run is enough.
	cmd.Env = append(scannerEnv(), "HOME="+home, "HCL_PARSE_TIMEOUT_SEC="+strconv.Itoa(int(limit.Seconds())))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() > 0 && json.Valid(stdout.Bytes())) {
		return nil, fmt.Errorf("%s %s: %w\n%s", s.Name, strings.Join(args, " "), err, tail(stderr.String()+stdout.String()))
	}
	return stdout.Bytes(), nil
}

// scannerEnv is the environment of the test without accounts and settings of the
// person who runs it.
func scannerEnv() []string {
	return slices.DeleteFunc(baseEnv(os.DevNull), func(kv string) bool {
		for _, prefix := range []string{"BC_", "CKV_", "CHECKOV_", "PRISMA_", "TFLINT_", "TRIVY_", "HOME="} {
			if strings.HasPrefix(kv, prefix) {
				return true
			}
		}
		return false
	})
}

// contentHash is about the names and contents of all files below a folder.
func contentHash(root string) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(rel), len(raw))
		h.Write(raw)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}
