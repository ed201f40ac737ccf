// Command unit runs go test and says at its end what was skipped, for want of which
// program, and how to get it. Go itself tells that only for packages that fail.
//
//	go run ./acceptance/unit              # go test ./...
//	go run ./acceptance/unit -short ./generator/...
//	go run ./acceptance/unit -only=live -v       # the tests that run a real core
//	go run ./acceptance/unit -only=racing -race  # packages in which something can race
//
// What -only stands for is read out of the sources, so that no list of it grows old.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

func main() {
	args, err := arguments(".", os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "unit:", err)
		os.Exit(1)
	}
	failed, err := run(".", args, os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "unit:", err)
	}
	if failed || err != nil {
		os.Exit(1)
	}
}

// arguments returns those of go test: -only, which comes first, becomes the packages
// and tests that it stands for.
func arguments(dir string, args []string) ([]string, error) {
	if len(args) == 0 {
		return []string{"./..."}, nil
	}
	switch args[0] {
	case "-only=live":
		packages, pattern, err := live(dir)
		return slices.Concat([]string{"-run", pattern}, args[1:], packages), err
	case "-only=racing":
		packages, err := racing(dir)
		return slices.Concat(args[1:], packages), err
	}
	return args, nil
}

// run runs go test in a directory and writes what it says, in short, to out. The
// limit of a package is far above Go's ten minutes, which a busy machine may need;
// an argument of the caller comes behind it and counts.
func run(dir string, args []string, out, errs io.Writer) (failed bool, err error) {
	cmd := exec.Command("go", append([]string{"test", "-json", "-timeout", "30m"}, args...)...)
	cmd.Dir = dir
	cmd.Stderr = errs
	events, err := cmd.StdoutPipe()
	if err != nil {
		return false, err
	}
	if err := cmd.Start(); err != nil {
		return false, err
	}
	r := reporter{out: out, verbose: slices.Contains(args, "-v"), said: map[test][]string{}, skipped: map[string]int{}, failing: map[string]bool{}, took: map[test]float64{}}
	readErr := r.read(events)
	err = cmd.Wait()
	r.end()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return true, readErr
	}
	return false, errors.Join(readErr, err)
}

// An event is a line of go test -json; `go doc test2json` describes them.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64 // seconds, without those in which a parallel test waited for its turn
}

// A test is named by its package and its own name, which is empty for what the
// package itself says.
type test struct{ pkg, name string }

// A reporter reads the events of a run.
type reporter struct {
	out     io.Writer
	verbose bool              // everything is shown at once, not only what fails
	said    map[test][]string // by the tests that have not ended
	skipped map[string]int    // tests by reason
	failing map[string]bool   // packages with a failure
	passed  int
	failed  []test
	took    map[test]float64 // seconds, of the tests that took long and have no parts that did
}

func (r *reporter) read(events io.Reader) error {
	for d := json.NewDecoder(events); ; {
		var e event
		if err := d.Decode(&e); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			_, rest := io.Copy(io.Discard, events) // Else go test waits for its reader.
			return errors.Join(fmt.Errorf("reading the output of go test: %w", err), rest)
		}
		r.take(e)
	}
}

// take looks at one event: a package that passes is one line, and of one that fails
// everything is shown that the tests that failed have said.
func (r *reporter) take(e event) {
	of := test{e.Package, e.Test}
	if e.Elapsed >= long && e.Test != "" {
		r.took[of] = e.Elapsed
	}
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "output":
		r.said[of] = append(r.said[of], e.Output)
		if r.verbose && !tedious.MatchString(e.Output) || e.Test == "" && strings.HasPrefix(e.Output, "ok ") {
			fmt.Fprint(r.out, e.Output)
		}
	case "fail":
		if e.Test == "" {
			r.rest(e.Package)
		}
		if e.Test != "" || !r.failing[e.Package] { // It may not build, or end before its tests do.
			r.failed = append(r.failed, of)
		}
		r.failing[e.Package] = true
		r.show(of)
	case "skip":
		if e.Test != "" {
			r.skipped[reason(r.said[of])]++
		}
		delete(r.said, of)
	case "pass":
		if e.Test != "" {
			r.passed++
		}
		delete(r.said, of)
	}
}

// rest shows what the tests of a package have said that never ended.
func (r *reporter) rest(pkg string) {
	open := slices.Collect(maps.Keys(r.said))
	slices.SortFunc(open, func(a, b test) int { return strings.Compare(a.name, b.name) })
	for _, t := range open {
		if t.pkg == pkg && t.name != "" {
			r.show(t)
		}
	}
}

// tedious are the lines of a run that say nothing: the steps of its way, and parts that pass.
var tedious = regexp.MustCompile(`^ *=== (RUN|PAUSE|CONT|NAME)|^ +--- PASS`)

// show writes what a test has said, unless it was shown at once.
func (r *reporter) show(t test) {
	for _, line := range r.said[t] {
		if !r.verbose && !tedious.MatchString(line) {
			fmt.Fprint(r.out, line)
		}
	}
	delete(r.said, t)
}

var (
	place    = regexp.MustCompile(`^ *\S+\.go:\d+: `)
	scripted = regexp.MustCompile(`^> .*\bskip '(.*)'$`) // a line of a testscript
)

// reason returns the last thing that a skipped test said, without its place.
func reason(said []string) string {
	var lines []string
	for _, line := range said {
		switch trimmed := strings.TrimSpace(line); {
		case strings.HasPrefix(trimmed, "=== "), strings.HasPrefix(trimmed, "--- "), trimmed == "":
		case scripted.MatchString(trimmed):
			return scripted.FindStringSubmatch(trimmed)[1]
		case place.MatchString(line):
			lines = []string{strings.TrimSpace(place.ReplaceAllString(line, ""))}
		default:
			lines = append(lines, trimmed)
		}
	}
	if len(lines) == 0 {
		return "no reason was given"
	}
	return strings.Join(lines, " ")
}

// What is said of the time that tests took: of how many, and from how many seconds on.
const (
	slowest = 20
	long    = 5
)

// slow writes which tests took longest. A test is not counted for its parts, whose own
// names say more.
func (r *reporter) slow() {
	tests := slices.DeleteFunc(slices.Collect(maps.Keys(r.took)), func(t test) bool {
		for other := range r.took {
			if other.pkg == t.pkg && strings.HasPrefix(other.name, t.name+"/") {
				return true
			}
		}
		return false
	})
	slices.SortFunc(tests, func(a, b test) int {
		return cmp.Or(cmp.Compare(r.took[b], r.took[a]), strings.Compare(a.pkg+a.name, b.pkg+b.name))
	})
	if len(tests) > 0 {
		fmt.Fprintln(r.out, "\nSlowest, in seconds:")
	}
	for _, t := range tests[:min(slowest, len(tests))] {
		fmt.Fprintf(r.out, "%5.0f  %s %s\n", r.took[t], t.pkg, t.name)
	}
}

// end writes which tests took longest, what was skipped, the most frequent reason
// first, and the count of all.
func (r *reporter) end() {
	r.slow()
	reasons, skipped := slices.Sorted(maps.Keys(r.skipped)), 0
	slices.SortStableFunc(reasons, func(a, b string) int { return r.skipped[b] - r.skipped[a] })
	if len(reasons) > 0 {
		fmt.Fprintln(r.out, "\nSkipped:")
	}
	for _, why := range reasons {
		skipped += r.skipped[why]
		fmt.Fprintf(r.out, "%5d  %s\n", r.skipped[why], why)
	}
	if len(r.failed) > 0 {
		fmt.Fprintln(r.out, "\nFailed:")
	}
	for _, t := range r.failed {
		fmt.Fprintf(r.out, "       %s\n", strings.TrimSpace(t.pkg+" "+t.name))
	}
	fmt.Fprintf(r.out, "\n%d passed, %d failed, %d skipped\n", r.passed, len(r.failed), skipped)
}
