package harness

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// A TestResult is what a core's `test` command said.
type TestResult struct {
	Runs   []TestRun
	Passed int
	Failed int
	Errors []string // diagnostics with their file and line
	Faults []Fault  // the same, taken apart
}

// A Fault is an error that test reported.
type Fault struct {
	File string // "" where it has no place
	Line int
	Text string // summary and detail
}

// A TestRun is one run block.
type TestRun struct {
	File   string
	Name   string
	Status string // pass, fail, error, skip
	Plan   *tfjson.Plan
}

// Test runs test, with the plans of all runs. A failing run is an error.
func (r *Runner) Test(args ...string) (TestResult, error) {
	return r.test(append([]string{"-verbose"}, args...))
}

// TestBriefly runs test without the plans, which take long to write.
func (r *Runner) TestBriefly(args ...string) (TestResult, error) { return r.test(args) }

func (r *Runner) test(args []string) (TestResult, error) {
	out, err := r.Run("", append([]string{"test", "-json", "-no-color"}, args...)...)
	result, parseErr := parseTest(strings.NewReader(out))
	if parseErr != nil {
		return result, errors.Join(err, parseErr)
	}
	switch {
	case len(result.Errors) > 0:
		err = fmt.Errorf("%s test:\n%s", r.core.Name, strings.Join(result.Errors, "\n"))
	case err == nil && result.Passed == 0:
		err = fmt.Errorf("%s test: no run block passed", r.core.Name)
	case err == nil && result.Failed > 0:
		err = fmt.Errorf("%s test: %d runs failed", r.core.Name, result.Failed)
	}
	return result, err
}

// parseTest reads the lines of `test -json`.
func parseTest(in io.Reader) (TestResult, error) {
	var result TestResult
	plans := map[[2]string]*tfjson.Plan{}
	lines := bufio.NewReader(in) // a plan is one line, too long for a Scanner
	for {
		line, readErr := lines.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			if err := parseTestLine([]byte(line), &result, plans); err != nil {
				return result, err
			}
		}
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return result, readErr
		}
	}
	for i, run := range result.Runs {
		result.Runs[i].Plan = plans[[2]string{run.File, run.Name}]
	}
	return result, nil
}

func parseTestLine(line []byte, result *TestResult, plans map[[2]string]*tfjson.Plan) error {
	var m struct {
		Type       string                                 `json:"type"`
		File       string                                 `json:"@testfile"`
		Name       string                                 `json:"@testrun"`
		Plan       json.RawMessage                        `json:"test_plan"`
		Run        *struct{ Status, Progress string }     `json:"test_run"`
		Summary    *struct{ Passed, Failed, Errored int } `json:"test_summary"`
		Diagnostic *tfjson.Diagnostic                     `json:"diagnostic"`
	}
	if err := json.Unmarshal(line, &m); err != nil {
		return fmt.Errorf("test -json: %w: %.200s", err, line)
	}
	switch m.Type {
	case "test_plan":
		plan := &tfjson.Plan{}
		plan.UseJSONNumber(true)
		if err := json.Unmarshal(m.Plan, (*rawPlan)(plan)); err != nil {
			return fmt.Errorf("test -json: plan of %s: %w", m.Name, err)
		}
		plans[[2]string{m.File, m.Name}] = plan
	case "test_run":
		if m.Run != nil && (m.Run.Progress == "" || m.Run.Progress == "complete") {
			result.Runs = append(result.Runs, TestRun{File: m.File, Name: m.Name, Status: m.Run.Status})
		}
	case "test_summary":
		if m.Summary != nil {
			result.Passed, result.Failed = m.Summary.Passed, m.Summary.Failed+m.Summary.Errored
		}
	case "diagnostic":
		if d := m.Diagnostic; d != nil && d.Severity == tfjson.DiagnosticSeverityError {
			f := Fault{Text: d.Summary + ": " + d.Detail}
			text := f.Text
			if d.Range != nil {
				f.File, f.Line = filepath.ToSlash(d.Range.Filename), d.Range.Start.Line
				text = fmt.Sprintf("%s:%d: %s", d.Range.Filename, d.Range.Start.Line, text)
			}
			result.Errors, result.Faults = append(result.Errors, text), append(result.Faults, f)
		}
	}
	return nil
}

// rawPlan drops the check of format_version, which the plan inside of test's
// output does not carry.
type rawPlan tfjson.Plan
